"""What came in from outside, for the regulator to see: read-only, the authority takes files in."""

from __future__ import annotations

from flask import render_template, url_for
from wtforms import StringField

from portal.domain.people import Permission
from portal.intake.on_behalf import waiting_for_a_second
from portal.intake.taking_back import LONGEST_REASON
from portal.intake.undoing_in_two import undo_asked, waiting_to_be_undone
from portal.store.people import Person
from portal.web.boundary import Act, look
from portal.web.forms import Form, at_most
from portal.web.guard import allowed
from portal.web.language import gettext, lazy
from portal.web.menu import is_open
from portal.web.receipts import (
    KINDS,
    asides,
    cells_of,
    corrections_of,
    kind_words,
    receipt_numbered,
    receipts,
)


@allowed(Permission.SEE_IMPORTS)
def imports() -> str:
    """Show every file that was taken in, newest first."""
    with look() as a:
        return render_template(
            "regulator/imports.html",
            receipts=receipts(a),
            waiting=waiting_for_a_second(a.session),
            to_undo=waiting_to_be_undone(a.session),
            may_enter=a.actor.may(Permission.TAKE_IN_ON_BEHALF),
            kinds={kind: gettext(words) for kind, words in KINDS.items()},
            ways=_ways(a),
        )


def _ways(a: Act) -> list[tuple[str, str]]:
    """Return the way on from an empty list, for those who may add people."""
    if not (a.actor.may(Permission.MANAGE_PEOPLE) and is_open("regulator.people")):
        return []
    return [(url_for("regulator.people"), gettext("开立账号"))]


class UndoForm(Form):
    """Why what was entered is to be taken back."""

    why = StringField(lazy("为什么撤销？"), [at_most(LONGEST_REASON, "intake.long_reason")])


@allowed(Permission.SEE_IMPORTS)
def received(number: str) -> str:
    """Show one receipt."""
    return receipt_page(number, UndoForm(formdata=None))


def receipt_page(number: str, form: Form) -> str:
    """Return the page of one receipt, with the form by which it is taken back."""
    with look() as a:
        found = receipt_numbered(a, number)
        asked = undo_asked(a.session, found)
        return render_template(
            "regulator/import.html",
            form=form,
            undo=asked,
            asker=a.session.get_one(Person, asked.asked_by_id).name if asked else "",
            is_mine=asked is not None and asked.asked_by_id == a.actor.person_id,
            may_undo=a.actor.may(Permission.TAKE_IN_ON_BEHALF) and found.sender is not None,
            receipt=found,
            cells=cells_of(found, a.office),
            asides=asides(found.skipped),
            kind=kind_words(found.kind),
            corrections=corrections_of(a, found),
        )
