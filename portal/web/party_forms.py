"""What the party to a case hands in: the forms, shown at its desk and at the regulator's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage
from wtforms import Field, IntegerField, MultipleFileField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.casework.supervision import case_aftermath, case_hearing, case_proceedings
from portal.casework.supervision.cases import Stand
from portal.casework.supervision.papers import Sent, judged, keep_papers
from portal.domain.cases import CaseAct
from portal.web.boundary import Act, wiring
from portal.web.forms import Form
from portal.web.language import lazy

LONG = Length(max=5000, message=lazy("最多 5,000 字"))


@dataclass(frozen=True, slots=True)
class Reach:
    """Which case, as it was shown."""

    number: str
    revision: int


class ActForm(Form):
    """An act on a case as it was shown: ``revision`` tells whether somebody else was faster."""

    revision = IntegerField(widget=HiddenInput())


class ReplyForm(ActForm):
    """A statement, point by point: each is answered by itself."""

    words = TextAreaField(
        lazy("第 1 点"), [InputRequired(lazy("请写明意见；没有意见可以不提交")), LONG]
    )
    words_2 = TextAreaField(lazy("第 2 点"), [LONG])
    words_3 = TextAreaField(lazy("第 3 点"), [LONG])
    words_4 = TextAreaField(lazy("第 4 点"), [LONG])
    words_5 = TextAreaField(lazy("第 5 点"), [LONG])
    words_6 = TextAreaField(lazy("第 6 点"), [LONG])
    papers = MultipleFileField(lazy("材料（PDF、PNG 或 JPEG，最多 5 份）"))


class HearingForm(ActForm):
    words = TextAreaField(lazy("要求听证的理由（可以不写）"), [LONG])


class RectifyForm(ActForm):
    words = TextAreaField(
        lazy("改了什么，什么时候改好，有什么材料可以查"),
        [InputRequired(lazy("请写明整改情况")), LONG],
    )
    papers = MultipleFileField(lazy("材料（PDF、PNG 或 JPEG，最多 5 份）"))


class DisputeForm(ActForm):
    words = TextAreaField(
        lazy("哪里不对，依据是什么"), [InputRequired(lazy("请写明异议和依据")), LONG]
    )
    papers = MultipleFileField(lazy("材料（PDF、PNG 或 JPEG，最多 5 份）"))


class RepairForm(ActForm):
    words = TextAreaField(lazy("申请理由和整改情况"), [InputRequired(lazy("请写明理由")), LONG])


PARTY_FORMS: dict[CaseAct, type[ActForm]] = {
    CaseAct.REPLY: ReplyForm,
    CaseAct.ASK_HEARING: HearingForm,
    CaseAct.RECTIFY: RectifyForm,
    CaseAct.DISPUTE: DisputeForm,
    CaseAct.ASK_REPAIR: RepairForm,
}


def sent_with(form: Form) -> list[Sent]:
    """Return the files that came with a form."""
    sent = form["papers"].data if "papers" in form else []
    files = [one for one in sent or [] if isinstance(one, FileStorage) and one.filename]
    return [Sent(one.filename or "", one.read()) for one in files]


def points_in(form: Form) -> list[str]:
    """Return the points of a statement that a form brings, in their order."""
    return [field.data for field in form if field.name.startswith("words") and field.data]


def further_points(form: Form) -> list[Field]:
    """Return the fields for the points after the first one."""
    return [field for field in form if field.name.startswith("words_")]


def _words_in(form: Form) -> dict[str, object]:
    return {"words": form["words"].data or ""}


def _of(
    verb: Callable[..., object], given: Callable[[Form], dict[str, object]] = _words_in
) -> Callable[[Stand, Reach, Form], None]:
    def perform(stand: Stand, reach: Reach, form: Form) -> None:
        files = judged(sent_with(form), stand.rules.report.attachments)
        verb(stand, reach.number, reach.revision, **given(form))
        data_dir = wiring().settings.data_dir
        keep_papers(stand, f"case:{reach.number}", verb.__name__, files, data_dir)

    return perform


PARTY_ACTS: dict[CaseAct, Callable[[Stand, Reach, Form], None]] = {
    CaseAct.REPLY: _of(case_proceedings.reply_to_notice, lambda form: {"points": points_in(form)}),
    CaseAct.ASK_HEARING: _of(case_hearing.ask_hearing),
    CaseAct.RECTIFY: _of(case_aftermath.report_rectification),
    CaseAct.DISPUTE: _of(case_aftermath.dispute_entry),
    CaseAct.ASK_REPAIR: _of(case_aftermath.ask_repair),
}


def stand_on(here: Act) -> Stand:
    """Return what an act of this request stands on."""
    return Stand(session=here.session, actor=here.actor, at=here.at, day=here.day, rules=here.rules)
