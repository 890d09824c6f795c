"""Tips and requests for help at the desk: what waits, and answering it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.exceptions import NotFound as NoSuchPage
from wtforms import SelectChoice, SelectField, StringField, TextAreaField

from portal.casework.supervision.letters import HOTLINES, accept_letter, answer_letter, hand_off
from portal.casework.supervision.papers import readable_paper
from portal.casework.supervision.sources import cases_from
from portal.domain.cases import CaseSource
from portal.domain.errors import NotFound
from portal.domain.people import Permission
from portal.store.institutions import Institution
from portal.store.letters import Letter
from portal.store.papers import papers_of
from portal.web.boundary import Act, look
from portal.web.forms import Form, at_most
from portal.web.guard import allowed
from portal.web.kept_files import file_answer
from portal.web.language import lazy
from portal.web.party_forms import stand_on

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_LONG, _NUMBER = 5000, 40


class AcceptForm(Form):
    """Nothing to fill in."""


class HandOffForm(Form):
    """To which hotline, and what the writer reads."""

    to = SelectField(lazy("转交到"), choices=[SelectChoice(line, line) for line in HOTLINES])
    words = TextAreaField(lazy("写给反映人的话"), [at_most(_LONG, "letter.long")])


class AnswerForm(Form):
    """What the writer reads, and the case that was opened upon it."""

    words = TextAreaField(lazy("答复"), [at_most(_LONG, "letter.long")])
    case_number = StringField(lazy("立案编号（内部）"), [at_most(_NUMBER, "letter.long")])


_FORMS: dict[str, type[Form]] = {
    "accept": AcceptForm,
    "answer": AnswerForm,
    "hand_off": HandOffForm,
}


@allowed(Permission.HANDLE_CASE)
def index() -> str:
    """Show the letters, those that wait first."""
    with look() as here:
        found = select(Letter).order_by(Letter.answered_on.is_not(None), Letter.answer_until_on)
        letters = here.session.scalars(found).all()
        return render_template(
            "regulator/letters.html",
            waiting=[one for one in letters if one.answered_on is None],
            done=[one for one in reversed(letters) if one.answered_on is not None],
            as_of=here.day,
        )


@allowed(Permission.HANDLE_CASE)
def one(number: str) -> str:
    """Show one letter with what may be done."""
    return _page(number, {})


@allowed(Permission.SEE_CASES)
def paper(number: int) -> ResponseReturnValue:
    """Return a file of a case or a letter."""
    with look() as here:
        return file_answer(readable_paper(stand_on(here), number))


@allowed(Permission.HANDLE_CASE)
def do(number: str, name: str) -> ResponseReturnValue:
    """Accept, hand off or answer a letter."""
    if name not in _FORMS:
        raise NoSuchPage
    form = _FORMS[name]()
    perform = _PERFORM[name]
    if form.attempt(lambda a: perform(a, number, form)) is None:
        return _page(number, {name: form}), form.status
    return redirect(url_for(".letter", number=number), HTTPStatus.SEE_OTHER)


def _accept(a: Act, number: str, _form: Form) -> Letter:
    return accept_letter(stand_on(a), number)


def _hand_off(a: Act, number: str, form: Form) -> Letter:
    return hand_off(stand_on(a), number, to=form["to"].data, words=form["words"].data or "")


def _answer(a: Act, number: str, form: Form) -> Letter:
    case = form["case_number"].data or ""
    return answer_letter(stand_on(a), number, words=form["words"].data or "", case_number=case)


_PERFORM: dict[str, Callable[[Act, str, Form], Letter]] = {
    "accept": _accept,
    "hand_off": _hand_off,
    "answer": _answer,
}


def _cases(here: Act, letter: Letter) -> list[str]:
    """Return the cases that a letter led to: opened from it, or named in its answer."""
    opened = cases_from(here.session, CaseSource.TIP, [letter.number]).get(letter.number, [])
    named = [letter.case_number] if letter.case_number else []
    return list(dict.fromkeys([*opened, *named]))


def _page(number: str, tried: dict[str, Form]) -> str:
    with look() as here:
        letter = here.session.scalar(select(Letter).where(Letter.number == number))
        if letter is None:
            raise NotFound("letter.unknown", number=number)
        wanted = [n for n in _FORMS if letter.answered_on is None]
        if letter.state == "accepted":
            wanted.remove("accept")
        forms = {n: tried.get(n) or _FORMS[n](formdata=None) for n in wanted}
        for name, form in forms.items():
            for field in form:
                field.id = f"{name}-{field.name}"
        known = [i for i in (letter.institution_id, letter.by_institution_id) if i]
        rows = here.session.scalars(select(Institution).where(Institution.id.in_(known)))
        return render_template(
            "regulator/letter.html",
            letter=letter,
            forms=forms,
            form=next(iter(tried.values()), None),
            cases=_cases(here, letter),
            papers=papers_of(here.session, f"letter:{letter.number}"),
            institutions={row.id: row for row in rows},
            as_of=here.day,
        )
