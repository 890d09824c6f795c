"""The one act at the regulator's imports: entering the file of an authority without an account."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from wtforms import StringField

from portal.domain.errors import NotFound, RuleBroken
from portal.domain.people import Permission
from portal.intake.handing_in import Outcome, Wish
from portal.intake.on_behalf import (
    KINDS,
    NOT_YET,
    Letter,
    confirm,
    cover_of,
    enter,
    entered,
    scan_in_clear,
    upload_behind,
)
from portal.intake.uploads import give_up
from portal.store.people import Person
from portal.store.receipts import Upload
from portal.web.boundary import Act, act, look
from portal.web.checked import (
    checked_page,
    effect_page,
    list_of_faults,
    shown_again,
    workbook_of,
)
from portal.web.forms import DayField, Form, at_most, needed
from portal.web.guard import allowed
from portal.web.handing_in import FileForm, counter_of
from portal.web.language import lazy
from portal.web.progress import Work, told_page
from portal.web.receipts import receipt_numbered

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


_LONGEST_SENDER, _LONGEST_NUMBER = 200, 100
_MIME = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


class EnterForm(FileForm):
    """A file, and the letter that it came with."""

    sender = StringField(
        lazy("来文单位"),
        [needed("behalf.no_sender"), at_most(_LONGEST_SENDER, "behalf.too_long")],
    )
    document_no = StringField(
        lazy("文号"), [needed("behalf.no_document"), at_most(_LONGEST_NUMBER, "behalf.too_long")]
    )
    received_on = DayField(lazy("收到日期"), [needed("behalf.no_day")])
    scan = FileField(lazy("盖章原件的扫描件"), [needed("behalf.no_scan")])


class ConfirmForm(Form):
    """One button: confirm."""


@allowed(Permission.TAKE_IN_ON_BEHALF)
def new() -> ResponseReturnValue:
    """Show the form, or keep what was entered for a second regulator."""
    form = EnterForm()
    form.offer()
    if request.method == "GET":
        form.kind.data = KINDS[0].value
        return render_template("regulator/import_new.html", form=form)
    if not form.validate():
        return render_template("regulator/import_new.html", form=form), form.status
    work = _enter(form)
    if work.is_long():
        return told_page(work, _entered_at, url_for("regulator.imports"))
    try:
        return redirect(_entered_at(work.result()), HTTPStatus.SEE_OTHER)
    except RuleBroken as error:
        form.tell(error)
        return render_template("regulator/import_new.html", form=form), form.status


def _enter(form: EnterForm) -> Work[Upload | Outcome]:
    letter = Letter(
        sender=form.sender.data or "",
        document_no=form.document_no.data or "",
        received_on=form.received_on.data,
        scan=form.scan.data.read(),
    )
    with look() as a:
        regulator, rules = a.actor, a.rules
    return form.keep(
        lambda session, counter, handed: enter(session, regulator, counter, handed, letter, rules)
    )


def _entered_at(kept: Upload | Outcome) -> str:
    if isinstance(kept, Upload):
        return url_for("regulator.entered", number=kept.id)
    number = kept.receipt.number if kept.receipt else ""
    return url_for("regulator.received", number=number, again=1)


@allowed(Permission.TAKE_IN_ON_BEHALF)
def one(number: int) -> ResponseReturnValue:
    """Show what was entered, for the second regulator to confirm."""
    return _page(number, ConfirmForm())


def _page(number: int, form: ConfirmForm) -> ResponseReturnValue:
    with look() as a:
        upload = entered(a.session, number)
        return checked_page(
            a,
            upload,
            "regulator/import_entered.html",
            "regulator.received",
            form=form,
            by=a.session.get_one(Person, upload.uploaded_by_id).name,
            is_mine=upload.uploaded_by_id == a.actor.person_id,
        )


@allowed(Permission.TAKE_IN_ON_BEHALF)
def effect(number: int) -> str:
    """Show who would change band and who would become withheld; nothing is written."""
    return effect_page(
        "regulator/import_effect.html",
        lambda session: entered(session, number),
        Wish(behalf=NOT_YET),
    )


@allowed(Permission.TAKE_IN_ON_BEHALF)
def refusals(number: int) -> Response:
    """Return all refusals of an entered file as CSV, to be sent back with it."""
    with look() as a:
        return list_of_faults(entered(a.session, number))


@allowed(Permission.TAKE_IN_ON_BEHALF)
def workbook(number: int) -> Response:
    """Return an entered file as a workbook in which every row says what became of it."""
    with look() as a:
        return workbook_of(a, entered(a.session, number))


@allowed(Permission.TAKE_IN_ON_BEHALF)
def accept(number: int) -> ResponseReturnValue:
    """Take in what another regulator entered."""
    form = ConfirmForm()
    outcome = form.attempt(lambda a: confirm(a.session, a.actor, counter_of(a), number))
    if outcome is None:
        return shown_again(_page(number, form), form)
    taken = outcome.receipt.number if outcome.receipt else ""
    return redirect(url_for("regulator.received", number=taken, done=1), HTTPStatus.SEE_OTHER)


@allowed(Permission.TAKE_IN_ON_BEHALF)
def leave(number: int) -> ResponseReturnValue:
    """Give up what was entered."""
    with act() as a:
        entered(a.session, number)
        give_up(a.session, a.actor, counter_of(a), number)
    return redirect(url_for("regulator.imports", given_up=1), HTTPStatus.SEE_OTHER)


@allowed(Permission.TAKE_IN_ON_BEHALF)
def scan(number: int) -> Response:
    """Return the scan of the letter of an entered file."""
    with look() as a:
        return _scan(a, entered(a.session, number))


@allowed(Permission.SEE_IMPORTS)
def receipt_scan(number: str) -> Response:
    """Return the scan of the letter behind a receipt."""
    with look() as a:
        upload = upload_behind(a.session, receipt_numbered(a, number))
        if upload is None:
            raise NotFound("intake.no_receipt")
        return _scan(a, upload)


def _scan(a: Act, upload: Upload) -> Response:
    cover = cover_of(a.session, upload)
    answer = Response(scan_in_clear(cover, counter_of(a)), content_type=_MIME[cover.kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="scan-{upload.id}.{cover.kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
