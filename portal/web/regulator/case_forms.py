"""The forms of a case: one for opening it, one for each act."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.casework.case_proceedings import SERVICE_KINDS
from portal.domain.cases import CaseAct, EndReason
from portal.web.language import lazy

_LONG = Length(max=5000, message=lazy("最多 5,000 字"))
_SHORT = Length(max=100, message=lazy("最多 100 字"))
_NEEDED = InputRequired(lazy("这一项必须填写"))


class _Day(DateField):
    def __init__(self, label: object) -> None:
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]
        super().__init__(label, [_NEEDED], format=formats, description=lazy("例如 2026-03-05"))
        self.render_kw = {"type": "text", "inputmode": "numeric"}

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; say in words how to write it when it cannot be read."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(lazy("请按 2026-03-05 这样填写日期")) from error


class _Act(FlaskForm):
    """An act on a case as it was shown: ``revision`` tells whether somebody else was faster."""

    revision = IntegerField(widget=HiddenInput())


class OpenForm(FlaskForm):
    subject = SelectField(lazy("机构或单位"), [_NEEDED])
    trade = SelectField(lazy("涉及的工种"))
    ground = SelectField(lazy("问题类型"), [_NEEDED])
    severity = RadioField(lazy("严重程度"), [_NEEDED])
    facts = TextAreaField(lazy("查明的事实"), [_NEEDED, _LONG])


class ServeForm(_Act):
    served_on = _Day(lazy("送达日期"))
    how = RadioField(
        lazy("送达方式"), [_NEEDED], choices=[(k, f"service.{k}") for k in SERVICE_KINDS]
    )
    proof = TextAreaField(lazy("送达凭证（送达回证编号、签收人等）"), [_NEEDED, _LONG])


class AnswerForm(_Act):
    adopted = RadioField(
        lazy("是否采纳"),
        [_NEEDED],
        choices=[("yes", lazy("采纳")), ("no", lazy("不采纳"))],
    )
    reasons = TextAreaField(lazy("理由"), [_NEEDED, _LONG])


class DecideForm(_Act):
    number = StringField(lazy("决定文号"), [_NEEDED, _SHORT])
    decided_on = _Day(lazy("决定日期"))
    severity = RadioField(lazy("严重程度"), [_NEEDED])
    words = TextAreaField(lazy("决定内容"), [_NEEDED, _LONG])
    advice = TextAreaField(lazy("已经报名的学员怎么办"), [_LONG])


class ProposeForm(_Act):
    until_on = _Day(lazy("撤下日期（当天零时起不再公示）"))


class ReasonsForm(_Act):
    reasons = TextAreaField(lazy("理由"), [_NEEDED, _LONG])


class WordsForm(_Act):
    words = TextAreaField(lazy("情况说明"), [_NEEDED, _LONG])


class EndForm(_Act):
    reason = RadioField(
        lazy("撤下原因"), [_NEEDED], choices=[(r.value, f"end_reason.{r}") for r in EndReason]
    )
    document_no = StringField(lazy("依据的文书号"), [_NEEDED, _SHORT])
    words = TextAreaField(lazy("情况说明"), [_NEEDED, _LONG])


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
