"""What a staged file would do to the ranking, before anybody decides."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.intake.files.formats import Kind
from portal.intake.handing_in import Handed, Wish
from portal.intake.taking_in import check_file, take_in
from portal.intake.uploads import source_of, upload_of
from portal.metrics.inputs import Inputs
from portal.publication.effect import Effect, effect_of, inputs_now, newest_period
from portal.store.institutions import Institution
from portal.store.receipts import Upload
from portal.store.session import trial
from portal.web.authority.learning import counter_of
from portal.web.boundary import Act, look, wiring
from portal.web.guard import allowed


@dataclass(frozen=True, slots=True)
class _States:
    """What a ranking is computed from before and after, and the trades that the file feeds."""

    before: Inputs
    after: Inputs
    trades: tuple[str, ...]


@allowed(Permission.AUTHORITY_DESK)
def effect(number: int) -> str:
    """Show who would change band and who would become withheld; nothing is written."""
    with look() as a:
        upload = upload_of(a.session, number)
        source = source_of(upload, counter_of(a))
        handed = check_file(a.session, counter_of(a), Kind(upload.kind), source)
        names = {row.code: row.name for row in a.session.execute(_NAMES)}
    with trial(wiring().engine) as session:
        states = _tried(session, a, upload, handed)
    found: Effect | None = None
    if states is not None:
        found = effect_of(states.before, states.after, states.trades, a.rules, names)
    return render_template("authority/effect.html", upload=upload, effect=found)


_NAMES = select(Institution.code, Institution.name)


def _tried(session: Session, a: Act, upload: Upload, handed: Handed) -> _States | None:
    """Take the file in for a trial; None where it feeds no ranking or cannot be taken in."""
    wish = Wish(partial=True, corrects=upload.corrects, reason="-")
    saved = session.begin_nested()
    try:
        outcome = take_in(session, a.actor, counter_of(a), handed, wish)
    except RuleBroken:
        return None
    cells = outcome.receipt.coverage.get("cells", []) if outcome.receipt else []
    period = newest_period(cells)
    if period is None or outcome.already:
        return None
    after = inputs_now(session, period, a.rules, a.office)
    saved.rollback()
    session.expire_all()
    before = inputs_now(session, period, a.rules, a.office)
    return _States(before, after, tuple({cell["trade"] for cell in cells}))
