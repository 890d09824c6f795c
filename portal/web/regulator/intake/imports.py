"""What came in from outside, for the regulator to see: read-only, the authority takes files in."""

from __future__ import annotations

from flask import render_template, url_for

from portal.domain.people import Permission
from portal.intake.on_behalf import waiting_for_a_second
from portal.web.boundary import Act, look
from portal.web.guard import allowed
from portal.web.language import gettext
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
            may_enter=a.actor.may(Permission.TAKE_IN_ON_BEHALF),
            kinds={kind: gettext(words) for kind, words in KINDS.items()},
            ways=_ways(a),
        )


def _ways(a: Act) -> list[tuple[str, str]]:
    """Return the way on from an empty list, for those who may add people."""
    if not (a.actor.may(Permission.MANAGE_PEOPLE) and is_open("regulator.people")):
        return []
    return [(url_for("regulator.people"), gettext("开立账号"))]


@allowed(Permission.SEE_IMPORTS)
def received(number: str) -> str:
    """Show one receipt."""
    with look() as a:
        found = receipt_numbered(a, number)
        return render_template(
            "regulator/import.html",
            receipt=found,
            cells=cells_of(found, a.office),
            asides=asides(found.skipped),
            kind=kind_words(found.kind),
            corrections=corrections_of(a, found),
        )
