"""A receipt at the exam authority's desk, and taking back what its file brought."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from wtforms import StringField

from portal.domain.people import Permission
from portal.intake.taking_back import LONGEST_REASON, undo
from portal.web.boundary import look
from portal.web.forms import Form, at_most
from portal.web.guard import allowed
from portal.web.handing_in import OURS
from portal.web.language import lazy
from portal.web.receipts import asides, cells_of, corrections_of, kind_words, receipt_numbered

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


class UndoForm(Form):
    """Why a file is taken back."""

    why = StringField(lazy("为什么撤销？"), [at_most(LONGEST_REASON, "intake.long_reason")])


@allowed(Permission.AUTHORITY_DESK)
def receipt(number: str) -> str:
    """Show a receipt, fit to be printed."""
    return _receipt_page(number, UndoForm(formdata=None))


def _receipt_page(number: str, form: UndoForm) -> str:
    with look() as a:
        found = receipt_numbered(a, number, *OURS)
        return render_template(
            "authority/receipt.html",
            form=form,
            receipt=found,
            cells=cells_of(found, a.office),
            asides=asides(found.skipped),
            kind=kind_words(found.kind),
            corrections=corrections_of(a, found),
        )


@allowed(Permission.TAKE_IN_EXAMS)
def take_back(number: str) -> ResponseReturnValue:
    """Take back what a file brought."""
    form = UndoForm()
    with look() as a:
        receipt_numbered(a, number, *OURS)
    undone = form.attempt(lambda a: undo(a.session, a.actor, number, form.why.data or "", a.at))
    if undone is None:
        return _receipt_page(number, form), form.status
    return redirect(url_for("authority.receipt", number=number, undone=1), HTTPStatus.SEE_OTHER)
