"""The forms of a case: one for opening it, one for each act."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from babel.support import LazyProxy
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.casework.supervision.case_proceedings import SERVICE_KINDS, PointAnswer
from portal.domain.cases import CaseAct, CaseSource, EndReason, Penalty
from portal.rules.rulebook import Rulebook
from portal.rules.words import label
from portal.web.forms import Form
from portal.web.language import language, lazy
from portal.web.party_forms import LONG, PARTY_FORMS, ActForm
from portal.web.shape import capital

_SHORT = Length(max=100, message=lazy("最多 100 字"))


class _Day(DateField):
    """A day written as 2026-03-05, also with slashes or dots."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; say in words how to write it when it cannot be read."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(lazy("请按 2026-03-05 这样填写日期")) from error


def _day(label: LazyProxy, missing: LazyProxy | None) -> _Day:
    """Return a field for a day; it may stay empty where nothing is said for then."""
    return _Day(
        label,
        [Optional() if missing is None else InputRequired(missing)],
        format=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"],
        description=lazy("例如 2026-03-05"),
        render_kw={"type": "text", "inputmode": "numeric"},
    )


def labelled(group: str, keys: Iterable[str]) -> list[SelectChoice]:
    """Return choices with the glossary's words in the reader's language."""
    return [SelectChoice(key, capital(label(f"{group}.{key}", language()))) for key in keys]


def _labelled(group: str, keys: Iterable[str]) -> Callable[[], list[SelectChoice]]:
    return partial(labelled, group, keys)


def severity_choices(rules: Rulebook) -> list[SelectChoice]:
    """Return the severities that the rules know."""
    return labelled("severity", [period.severity for period in rules.cases.periods])


class OpenForm(Form):
    subject = SelectField(lazy("机构或单位"), [InputRequired(lazy("请选择机构或单位"))])
    trade = SelectField(lazy("涉及的工种"))
    source = RadioField(
        lazy("案件来源"),
        [InputRequired(lazy("请选择案件来源"))],
        choices=_labelled("case_source", list(CaseSource)),
        default=CaseSource.HAND.value,
    )
    source_ref = StringField(lazy("来源编号（检查、举报或者事故的编号）"), [_SHORT])
    ground = SelectField(lazy("问题类型"), [InputRequired(lazy("请选择问题类型"))])
    severity = RadioField(lazy("严重程度"), [InputRequired(lazy("请选择严重程度"))])
    facts = TextAreaField(lazy("查明的事实"), [InputRequired(lazy("请写明查明的事实")), LONG])


class ServeForm(ActForm):
    served_on = _day(lazy("送达日期"), lazy("请填写送达日期"))
    how = RadioField(
        lazy("送达方式"),
        [InputRequired(lazy("请选择送达方式"))],
        choices=_labelled("service", SERVICE_KINDS),
    )
    proof = TextAreaField(
        lazy("送达凭证（送达回证编号、签收人等）"), [InputRequired(lazy("请写明送达凭证")), LONG]
    )


class DecideForm(ActForm):
    number = StringField(lazy("决定文号"), [InputRequired(lazy("请填写决定文号")), _SHORT])
    decided_on = _day(lazy("决定日期"), lazy("请填写决定日期"))
    severity = RadioField(lazy("严重程度"), [InputRequired(lazy("请选择严重程度"))])
    words = TextAreaField(lazy("决定内容"), [InputRequired(lazy("请写明决定内容")), LONG])
    ordered = RadioField(
        lazy("是否责令改正"),
        choices=[SelectChoice("yes", lazy("责令改正")), SelectChoice("no", lazy("不责令改正"))],
        default="yes",
    )
    correct_until_on = _day(lazy("改正期限的最后一天"), None)
    penalty = RadioField(
        lazy("行政处罚（和责令改正分开）"),
        choices=_labelled("penalty", list(Penalty)),
        default=Penalty.NONE.value,
    )
    amount = IntegerField(
        lazy("罚款金额（元）"), [Optional(), NumberRange(0, 10**9, lazy("请填写整数金额"))]
    )
    affected = TextAreaField(lazy("涉及哪些班次和学员"), [LONG])
    advice = TextAreaField(lazy("已经报名的学员怎么办"), [LONG])


class CallForm(ActForm):
    told_on = _day(lazy("听证通知送达日期"), lazy("请填写日期"))
    hearing_on = _day(lazy("听证日期"), lazy("请填写日期"))
    place = StringField(lazy("听证地点"), [InputRequired(lazy("请填写地点")), _SHORT])


class SettleForm(ActForm):
    upheld = RadioField(
        lazy("异议是否成立"),
        [InputRequired(lazy("请选择异议是否成立"))],
        description=lazy("成立而没有先由两人更正的，由第二人撤下；到期没有人办，自动撤下。"),
        choices=[SelectChoice("yes", lazy("成立")), SelectChoice("no", lazy("不成立"))],
    )
    reasons = TextAreaField(lazy("理由"), [InputRequired(lazy("请写明理由")), LONG])


class AmendForm(ActForm):
    facts = TextAreaField(lazy("更正后的事实"), [InputRequired(lazy("请写明更正后的事实")), LONG])
    reasons = TextAreaField(
        lazy("更正说明（公开，例如：学员人数 73 改为 71）"),
        [InputRequired(lazy("请写明更正说明")), LONG],
    )


class QuashForm(ActForm):
    document_no = StringField(
        lazy("撤销或者变更决定的文书号"), [InputRequired(lazy("请填写文书号")), _SHORT]
    )
    words = TextAreaField(lazy("情况说明"), [InputRequired(lazy("请写明情况")), LONG])


class ProposeForm(ActForm):
    until_on = _day(lazy("撤下日期（当天零时起不再公示）"), lazy("请填写撤下日期"))


class ReasonsForm(ActForm):
    reasons = TextAreaField(lazy("理由"), [InputRequired(lazy("请写明理由")), LONG])


class WordsForm(ActForm):
    words = TextAreaField(lazy("情况说明"), [InputRequired(lazy("请写明情况")), LONG])


class EndForm(ActForm):
    reason = RadioField(
        lazy("撤下原因"),
        [InputRequired(lazy("请选择撤下原因"))],
        choices=_labelled("end_reason", [EndReason.REPAIRED, EndReason.WITHDRAWN]),
    )
    document_no = StringField(
        lazy("依据的文书号"), [InputRequired(lazy("请填写依据的文书号")), _SHORT]
    )
    words = TextAreaField(lazy("情况说明"), [InputRequired(lazy("请写明情况")), LONG])


class ConfirmForm(ActForm):
    """Nothing to fill in: the second person only confirms."""


FORMS: dict[CaseAct, type[ActForm]] = PARTY_FORMS | {
    CaseAct.EVIDENCE: ActForm,
    CaseAct.SERVE: ServeForm,
    CaseAct.CALL_HEARING: CallForm,
    CaseAct.HOLD_HEARING: WordsForm,
    CaseAct.ANSWER: ActForm,
    CaseAct.DECIDE: DecideForm,
    CaseAct.PROPOSE: ProposeForm,
    CaseAct.SEND_BACK: ReasonsForm,
    CaseAct.PUBLISH: ConfirmForm,
    CaseAct.CONFIRM: WordsForm,
    CaseAct.FAIL: WordsForm,
    CaseAct.SETTLE: SettleForm,
    CaseAct.AMEND: AmendForm,
    CaseAct.CONFIRM_AMEND: ConfirmForm,
    CaseAct.DROP_AMEND: ReasonsForm,
    CaseAct.PROPOSE_END: EndForm,
    CaseAct.KEEP: ReasonsForm,
    CaseAct.END: ConfirmForm,
    CaseAct.QUASH: QuashForm,
    CaseAct.CLOSE: ReasonsForm,
}

_EVIDENCE, _ADOPTED, _REASONS = "evidence_", "adopted_", "reasons_"


def evidence_form(kinds: Iterable[str]) -> type[ActForm]:
    """Return a form with a field for each kind of evidence that the ground asks for."""
    fields = {f"{_EVIDENCE}{kind}": TextAreaField(evidence_words(kind), [LONG]) for kind in kinds}
    return type("EvidenceForm", (ActForm,), fields)


def evidence_words(kind: str) -> str:
    """Return what a kind of evidence is called, in the reader's language."""
    return label(f"evidence.{kind}", language())


def evidence_in(form: Form) -> dict[str, str]:
    """Return kind → words of the evidence that a form brings."""
    brought = (field for field in form if field.name.startswith(_EVIDENCE))
    return {field.name.removeprefix(_EVIDENCE): field.data or "" for field in brought}


def answer_form(points: Iterable[int]) -> type[ActForm]:
    """Return a form that asks of each point of a statement whether it is adopted, and why."""
    fields: dict[str, Field] = {}
    for number in points:
        fields[f"{_ADOPTED}{number}"] = RadioField(
            lazy("是否采纳"),
            [InputRequired(lazy("请选择是否采纳"))],
            choices=[SelectChoice("yes", lazy("采纳")), SelectChoice("no", lazy("不采纳"))],
        )
        fields[f"{_REASONS}{number}"] = TextAreaField(
            lazy("理由"), [InputRequired(lazy("请写明理由")), LONG]
        )
    return type("AnswerForm", (ActForm,), fields)


def answers_in(form: Form) -> dict[int, PointAnswer]:
    """Return point → answer, as a form brings them."""
    numbers = [field.name.removeprefix(_ADOPTED) for field in form if _ADOPTED in field.name]
    return {
        int(number): PointAnswer(
            adopted=form[f"{_ADOPTED}{number}"].data == "yes",
            reasons=form[f"{_REASONS}{number}"].data or "",
        )
        for number in numbers
    }
