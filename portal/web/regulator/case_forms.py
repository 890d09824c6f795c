"""The forms of a case: one for opening it, one for each act."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from babel.support import LazyProxy
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.casework.case_proceedings import SERVICE_KINDS
from portal.domain.cases import CaseAct, EndReason
from portal.rules.words import label
from portal.web.forms import Form
from portal.web.language import language, lazy
from portal.web.shape import capital

_LONG = Length(max=5000, message=lazy("最多 5,000 字"))
_SHORT = Length(max=100, message=lazy("最多 100 字"))


class _Day(DateField):
    """A day written as 2026-03-05, also with slashes or dots."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; say in words how to write it when it cannot be read."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(lazy("请按 2026-03-05 这样填写日期")) from error


def _day(label: LazyProxy, missing: LazyProxy) -> _Day:
    return _Day(
        label,
        [InputRequired(missing)],
        format=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"],
        description=lazy("例如 2026-03-05"),
        render_kw={"type": "text", "inputmode": "numeric"},
    )


def labelled(group: str, keys: Iterable[str]) -> list[SelectChoice]:
    """Return choices with the glossary's words in the reader's language."""
    return [SelectChoice(key, capital(label(f"{group}.{key}", language()))) for key in keys]


def _labelled(group: str, keys: Iterable[str]) -> Callable[[], list[SelectChoice]]:
    return partial(labelled, group, keys)


class _Act(Form):
    """An act on a case as it was shown: ``revision`` tells whether somebody else was faster."""

    revision = IntegerField(widget=HiddenInput())


class OpenForm(Form):
    subject = SelectField(lazy("机构或单位"), [InputRequired(lazy("请选择机构或单位"))])
    trade = SelectField(lazy("涉及的工种"))
    ground = SelectField(lazy("问题类型"), [InputRequired(lazy("请选择问题类型"))])
    severity = RadioField(lazy("严重程度"), [InputRequired(lazy("请选择严重程度"))])
    facts = TextAreaField(lazy("查明的事实"), [InputRequired(lazy("请写明查明的事实")), _LONG])


class ServeForm(_Act):
    served_on = _day(lazy("送达日期"), lazy("请填写送达日期"))
    how = RadioField(
        lazy("送达方式"),
        [InputRequired(lazy("请选择送达方式"))],
        choices=_labelled("service", SERVICE_KINDS),
    )
    proof = TextAreaField(
        lazy("送达凭证（送达回证编号、签收人等）"), [InputRequired(lazy("请写明送达凭证")), _LONG]
    )


class AnswerForm(_Act):
    adopted = RadioField(
        lazy("是否采纳"),
        [InputRequired(lazy("请选择是否采纳"))],
        choices=[SelectChoice("yes", lazy("采纳")), SelectChoice("no", lazy("不采纳"))],
    )
    reasons = TextAreaField(lazy("理由"), [InputRequired(lazy("请写明理由")), _LONG])


class DecideForm(_Act):
    number = StringField(lazy("决定文号"), [InputRequired(lazy("请填写决定文号")), _SHORT])
    decided_on = _day(lazy("决定日期"), lazy("请填写决定日期"))
    severity = RadioField(lazy("严重程度"), [InputRequired(lazy("请选择严重程度"))])
    words = TextAreaField(lazy("决定内容"), [InputRequired(lazy("请写明决定内容")), _LONG])
    advice = TextAreaField(lazy("已经报名的学员怎么办"), [_LONG])


class ProposeForm(_Act):
    until_on = _day(lazy("撤下日期（当天零时起不再公示）"), lazy("请填写撤下日期"))


class ReasonsForm(_Act):
    reasons = TextAreaField(lazy("理由"), [InputRequired(lazy("请写明理由")), _LONG])


class WordsForm(_Act):
    words = TextAreaField(lazy("情况说明"), [InputRequired(lazy("请写明情况")), _LONG])


class EndForm(_Act):
    reason = RadioField(
        lazy("撤下原因"),
        [InputRequired(lazy("请选择撤下原因"))],
        choices=_labelled("end_reason", list(EndReason)),
    )
    document_no = StringField(
        lazy("依据的文书号"), [InputRequired(lazy("请填写依据的文书号")), _SHORT]
    )
    words = TextAreaField(lazy("情况说明"), [InputRequired(lazy("请写明情况")), _LONG])


class ConfirmForm(_Act):
    """Nothing to fill in: the second person only confirms."""


FORMS: dict[CaseAct, type[_Act]] = {
    CaseAct.SERVE: ServeForm,
    CaseAct.ANSWER: AnswerForm,
    CaseAct.DECIDE: DecideForm,
    CaseAct.PROPOSE: ProposeForm,
    CaseAct.SEND_BACK: ReasonsForm,
    CaseAct.PUBLISH: ConfirmForm,
    CaseAct.RECTIFY: WordsForm,
    CaseAct.CONFIRM: WordsForm,
    CaseAct.PROPOSE_END: EndForm,
    CaseAct.KEEP: ReasonsForm,
    CaseAct.END: ConfirmForm,
    CaseAct.CLOSE: ReasonsForm,
}
