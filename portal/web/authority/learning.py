"""Telling the portal once what a file means by its own words: columns, names of institutions."""

from __future__ import annotations

from difflib import get_close_matches
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect, url_for
from sqlalchemy import select
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.intake.files.formats import Kind, format_of
from portal.intake.remembering import OUTSIDE, learn_columns, learn_names, unknown_names
from portal.intake.uploads import restage
from portal.store.institutions import Institution
from portal.store.receipts import Upload
from portal.web.boundary import Act
from portal.web.checked import column_words
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.handing_in import OURS, counter_of, kind_known
from portal.web.language import gettext

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_PREFIX = "col_"
_LISTED = 20
_ALIKE, _LIKENESS = 3, 0.6


class ColumnsForm(Form):
    """Which word of the file heads which column; every column of every kind may be asked for."""

    kind = HiddenField(validators=[kind_known])

    def said(self) -> dict[str, str]:
        """Return word → column, as far as words were chosen."""
        return {
            field.data: field.name.removeprefix(_PREFIX)
            for field in self
            if field.name.startswith(_PREFIX) and field.data
        }


for _key in sorted({key for _kind in OURS for key in format_of(Kind(_kind)).keys}):
    setattr(ColumnsForm, f"{_PREFIX}{_key}", SelectField(validate_choice=False))


class NameForm(Form):
    """A name in files, and the institution that it means."""

    name = HiddenField()
    code = SelectField(validate_choice=False)


def columns_wanted(kind: str, error: RuleBroken) -> dict[str, Any] | None:
    """Return the form that asks for the columns a file lacks; None where no word is left over."""
    unknown, missing = error.facts.get("unknown"), error.facts.get("missing")
    if not (isinstance(unknown, list) and isinstance(missing, list) and unknown):
        return None
    form = ColumnsForm(formdata=None, data={"kind": kind})
    words = [SelectChoice(word, word) for word in unknown]
    fields = []
    for key in missing:
        field = form[f"{_PREFIX}{key}"]
        field.choices = [SelectChoice("", gettext("没有这一列")), *words]
        field.label.text = column_words(format_of(Kind(kind)), key)
        fields.append(field)
    return {"form": form, "fields": fields}


def names_wanted(a: Act, upload: Upload) -> list[tuple[NameForm, int]]:
    """Return a form for each name that nobody is known by, and how many rows bear it."""
    unknown = unknown_names(upload.report["refusals"])
    asked = select(Institution.code, Institution.name).order_by(Institution.name)
    known = {row.code: row.name for row in a.session.execute(asked)}
    forms = []
    for place, (name, rows) in enumerate(unknown.most_common(_LISTED)):
        form = NameForm(formdata=None, data={"name": name}, prefix="")
        form.code.choices = _meant(name, known)
        form.code.id = f"code-{place}"
        form.code.label.text = name
        form.csrf_token.id = f"csrf-name-{place}"
        form.name.id = f"name-{place}"
        forms.append((form, rows))
    return forms


def _meant(name: str, known: dict[str, str]) -> Any:  # noqa: ANN401  # choices in groups
    """Return whom a name may mean, names written much alike first; nobody is chosen beforehand."""
    alike = get_close_matches(name, known.values(), n=_ALIKE, cutoff=_LIKENESS)
    everybody = [SelectChoice(code, f"{one}（{code}）") for code, one in known.items()]
    near = [choice for choice in everybody if known[choice.value] in alike]
    nobody = [
        SelectChoice("", gettext("请选择")),
        SelectChoice(OUTSIDE, gettext("不是这里登记的机构（外区），不计入")),
    ]
    groups = {
        gettext("还不知道，或者是外区的"): nobody,
        gettext("写法相近"): near,
        gettext("登记的机构"): everybody,
    }
    return {words: choices for words, choices in groups.items() if choices}


@allowed(Permission.TAKE_IN_EXAMS)
def columns() -> ResponseReturnValue:
    """Remember which words head which columns."""
    form = ColumnsForm()
    learned = form.attempt(lambda a: _learn_columns(a, form))
    state: dict[str, Any] = {"learned": learned} if learned else {"unlearned": 1}
    return redirect(url_for("authority.desk", **state), HTTPStatus.SEE_OTHER)


def _learn_columns(a: Act, form: ColumnsForm) -> int:
    return learn_columns(a.session, a.actor, Kind(form.kind.data), form.said(), a.at)


@allowed(Permission.TAKE_IN_EXAMS)
def name(number: int) -> ResponseReturnValue:
    """Remember whom a name means, and judge the staged file anew."""
    form = NameForm()
    done = form.attempt(lambda a: _learn_name(a, number, form))
    state: dict[str, Any] = {"learned": 1} if done else {"unlearned": 1}
    return redirect(url_for("authority.upload", number=number, **state), HTTPStatus.SEE_OTHER)


def _learn_name(a: Act, number: int, form: NameForm) -> bool:
    learn_names(a.session, a.actor, {form.name.data or "": form.code.data or ""}, a.at)
    restage(a.session, a.actor, counter_of(a), number)
    return True
