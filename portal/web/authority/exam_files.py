"""The exam authority's desk: hand a file in, see what is wrong with it, take it in or not."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from sqlalchemy import func, select
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.intake.files.formats import Kind
from portal.intake.handing_in import Outcome, Wish
from portal.intake.taking_back import LONGEST_REASON
from portal.intake.uploads import give_up, handed_in, open_uploads, stage, take_staged
from portal.store.institutions import Institution
from portal.store.receipts import Upload
from portal.store.session import transaction
from portal.web.authority.learning import columns_wanted, names_wanted
from portal.web.authority.slips import sittings
from portal.web.boundary import act, actor, look, wiring
from portal.web.checked import checked_page, shown_again
from portal.web.forms import Form, at_most
from portal.web.guard import allowed
from portal.web.handing_in import OURS, FileForm, counter_of
from portal.web.language import gettext, lazy
from portal.web.progress import Told, Work, told_page
from portal.web.receipts import KINDS, kind_words, receipts

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_OFFERED = 100


class UploadForm(FileForm):
    """A file, what it holds, and whether it issues another one anew."""

    corrects = SelectField(lazy("这份文件是更正版吗？"), validate_choice=False)


class TakeForm(Form):
    """The decision on a staged file; leaving faulty rows out must be ticked."""

    partial = BooleanField(lazy("我确认：有错的行这次不接收"))
    reason = StringField(lazy("为什么更正？"), [at_most(LONGEST_REASON, "intake.long_reason")])


@allowed(Permission.AUTHORITY_DESK)
def desk() -> ResponseReturnValue:
    """Show the desk, or stage the file that was sent."""
    form = UploadForm()
    form.offer()
    form.corrects.choices = _correctable()
    if request.method == "GET":
        form.kind.data = Kind.EXAMS.value
        return _desk(form)
    if not form.validate():
        return _desk(form), form.status
    officer, corrects = actor(), form.corrects.data or None
    work = form.keep(
        lambda session, counter, handed: stage(session, officer, counter, handed, corrects)
    )
    if work.is_long():
        return told_page(work, _staged_at, url_for("authority.desk"))
    try:
        return redirect(_staged_at(work.result()), HTTPStatus.SEE_OTHER)
    except RuleBroken as error:
        form.tell(error)
        return _desk(form, error), form.status


def _staged_at(staged: Upload | Outcome) -> str:
    if isinstance(staged, Upload):
        return url_for("authority.upload", number=staged.id)
    number = staged.receipt.number if staged.receipt else ""
    return url_for("authority.receipt", number=number, again=1)


def _correctable() -> list[SelectChoice]:
    """Return the receipts that a file may correct, the newest first."""
    with look() as a:
        standing = [one for one in receipts(a, *OURS) if one.undone_at is None]
        words = [
            SelectChoice(one.number, f"{one.number} · {kind_words(one.kind)} · {one.file_name}")
            for one in standing[:_OFFERED]
        ]
    return [SelectChoice("", gettext("不是，是新的")), *words]


def _desk(form: UploadForm, error: RuleBroken | None = None) -> str:
    with look() as a:
        registered = a.session.scalar(select(func.count()).select_from(Institution))
        return render_template(
            "authority/desk.html",
            form=form,
            waiting=open_uploads(a.session),
            sittings=[one for one in sittings(a) if one.unprinted][::-1],
            receipts=receipts(a, *OURS),
            registered=registered,
            kinds={kind: gettext(words) for kind, words in KINDS.items()},
            wanted=columns_wanted(form.kind.data, error) if error else None,
        )


@allowed(Permission.AUTHORITY_DESK)
def upload(number: int) -> ResponseReturnValue:
    """Show what is in a staged file."""
    return _upload(TakeForm(), number)


def _upload(form: TakeForm, number: int) -> ResponseReturnValue:
    with look() as a:
        found = handed_in(a.session, number)
        names = names_wanted(a, found)
        return checked_page(
            a, found, "authority/upload.html", "authority.receipt", form=form, names=names
        )


@allowed(Permission.TAKE_IN_EXAMS)
def take(number: int) -> ResponseReturnValue:
    """Take a staged file in."""
    form = TakeForm()
    if not form.validate():
        return shown_again(_upload(form, number), form)
    work = _take(number, Wish(partial=bool(form.partial.data), reason=form.reason.data or ""))
    if work.is_long():
        return told_page(work, _taken_at, url_for("authority.upload", number=number))
    try:
        return redirect(_taken_at(work.result()), HTTPStatus.SEE_OTHER)
    except RuleBroken as error:
        form.blame(error)
        return shown_again(_upload(form, number), form)


def _take(number: int, wish: Wish) -> Work[Outcome]:
    officer, engine = actor(), wiring().engine
    with look() as a:
        counter = counter_of(a)

    def taken(told: Told) -> Outcome:
        with transaction(engine) as session:
            return take_staged(session, officer, counter, number, wish, told)

    return Work(taken)


def _taken_at(outcome: Outcome) -> str:
    number = outcome.receipt.number if outcome.receipt else ""
    return url_for("authority.receipt", number=number, done=1)


@allowed(Permission.TAKE_IN_EXAMS)
def leave(number: int) -> ResponseReturnValue:
    """Give a staged file up."""
    with act() as a:
        give_up(a.session, a.actor, counter_of(a), number)
    return redirect(url_for("authority.desk", given_up=1), HTTPStatus.SEE_OTHER)
