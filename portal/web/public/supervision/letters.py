"""Tips and requests for help: the forms, the receipt, and following one with its code.

No puzzle keeps machines out: a field that people do not see, the time a form takes, and a limit
for each address do.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import render_template, request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from wtforms import HiddenField, MultipleFileField, StringField, TextAreaField

from portal.casework.access.sign_in import forget, knock_with_slip
from portal.casework.supervision.letters import (
    Written,
    answer_times,
    count_letter,
    receive_letter,
    tracked_letter,
)
from portal.casework.supervision.papers import judged, keep_papers
from portal.domain.errors import NotFound, RuleBroken
from portal.rules.words import say
from portal.store.institutions import Institution
from portal.web.boundary import Act, act, look, wiring
from portal.web.forms import Form, at_most, needed
from portal.web.language import language, lazy
from portal.web.party_forms import sent_with, stand_on

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.store.letters import Letter

_SHORT, _LONG, _CODE = 100, 5000, 40
_HOUR = 3600
_PAGES = {"tip": "public/report_problem.html", "help": "public/ask_help.html"}


class LetterForm(Form):
    """What somebody writes; name and contact are up to them."""

    about = StringField(lazy("关于哪家机构或单位"), [at_most(_SHORT, "letter.long")])
    words = TextAreaField(
        lazy("发生了什么"), [needed("letter.words_missing"), at_most(_LONG, "letter.long")]
    )
    writer = StringField(lazy("姓名"), [at_most(_SHORT, "letter.long")])
    contact = StringField(lazy("联系电话"), [at_most(_SHORT, "letter.long")])
    papers = MultipleFileField(lazy("材料（PDF、PNG 或 JPEG，最多 5 份）"))
    website = StringField(lazy("这一栏请留空"))
    shown = HiddenField()
    code = HiddenField()


class HelpForm(LetterForm):
    """The same, asked of an employer or institution that needs help."""

    about = StringField(lazy("单位名称"), [at_most(_SHORT, "letter.long")])
    words = TextAreaField(
        lazy("需要什么帮助"), [needed("letter.words_missing"), at_most(_LONG, "letter.long")]
    )


class TrackForm(Form):
    """The tracking code."""

    code = StringField(
        lazy("查询码"), [needed("letter.code_missing"), at_most(_CODE, "letter.code_unknown")]
    )


_FORMS = {"tip": LetterForm, "help": HelpForm}


def report_problem() -> ResponseReturnValue:
    """Show the form for a tip, or take one in."""
    return _write("tip")


def ask_help() -> ResponseReturnValue:
    """Show the form for a request for help, or take one in."""
    return _write("help")


def track() -> ResponseReturnValue:
    """Ask for a tracking code, or show how far the letter has come."""
    form = TrackForm()
    if request.method == "GET":
        return render_template("public/track.html", form=form, letter=None)
    if not form.validate():
        return _untracked(form)
    with act() as here:
        marks = knock_with_slip(
            here.session, request.remote_addr or "", at=here.at, rules=here.rules
        )
    try:
        with act() as here:
            letter = tracked_letter(here.session, form.code.data)
            forget(here.session, marks)
    except NotFound as error:
        form.code.errors = [say(error.key, language())]
        return _untracked(form)
    return render_template("public/track.html", form=form, letter=letter)


def _untracked(form: TrackForm) -> ResponseReturnValue:
    page = render_template("public/track.html", form=form, letter=None)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _write(kind: str) -> ResponseReturnValue:
    form = _FORMS[kind]()
    if request.method == "GET":
        with look() as here:
            return _page(here, kind, _blank(here, kind))
    taken = form.attempt(lambda a: _taken(a, kind, form))
    if taken is not None:
        return render_template("public/letter_sent.html", letter=taken[0], code=taken[1])
    with look() as here:
        form.shown.data = _stamp(here.at)
        return _page(here, kind, form), form.status


def _taken(here: Act, kind: str, form: LetterForm) -> tuple[Letter, str]:
    _require_person(here, form)
    stand = stand_on(here)
    count_letter(stand, request.remote_addr or "")
    written = Written(
        kind=kind,
        words=form.words.data or "",
        about=form.about.data or "",
        code=form.code.data or "",
        writer=form.writer.data or "",
        contact=form.contact.data or "",
    )
    files = judged(sent_with(form), here.rules.report.attachments)
    letter, code = receive_letter(stand, written)
    data_dir = wiring().settings.data_dir
    keep_papers(stand, f"letter:{letter.number}", "receive", files, data_dir)
    return letter, code


def _require_person(here: Act, form: LetterForm) -> None:
    """Let a form pass that a person can have filled in.

    Raises:
        RuleBroken: the hidden field is filled, or the form came too soon or too late.

    """
    rules = here.rules.letters
    try:
        seconds = here.at.timestamp() - float(_signer().loads(form.shown.data or ""))
    except (BadSignature, TypeError, ValueError) as error:
        raise RuleBroken("letter.form_old") from error
    if form.website.data or not 0 <= seconds < rules.form_hours * _HOUR:
        raise RuleBroken("letter.form_old")
    if seconds < rules.least_seconds:
        raise RuleBroken("letter.too_fast")


def _blank(here: Act, kind: str) -> LetterForm:
    code = request.args.get("about", "")
    known = here.session.scalar(select(Institution).where(Institution.code == code))
    form = _FORMS[kind](
        formdata=None,
        data={"about": known.name if known else "", "code": known.code if known else ""},
    )
    form.shown.data = _stamp(here.at)
    return form


def _page(here: Act, kind: str, form: LetterForm) -> str:
    return render_template(
        _PAGES[kind],
        form=form,
        rules=here.rules.letters,
        times=answer_times(here.session, kind, here.day, here.rules.calendar),
        phones=here.office.phones,
    )


def _stamp(at: datetime) -> str:
    return str(_signer().dumps(int(at.timestamp())))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(wiring().settings.secret_key or "", salt="letter")
