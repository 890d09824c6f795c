"""A section sent after its session ended: kept for the person on whose page it was typed.

The page bears a signed ticket that names the person; without it nothing is kept, so nobody can
fill the store, and nobody can leave words for another.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.casework.special_reports.parking import park
from portal.casework.special_reports.reports import Saved
from portal.domain.errors import PortalError
from portal.store.session import transaction
from portal.web.boundary import act_as, wiring
from portal.web.guard import person_numbered
from portal.web.institution.answer_fields import section_form, typed_in
from portal.web.institution.filed import filing_for, section_named

_HOLDS = timedelta(days=2)
FIELD = "ticket"


def ticket(person_id: int | None) -> str:
    """Return what lets the person's typing outlive the session."""
    return str(_signer().dumps(person_id))


def keep(period: str, section: str) -> None:
    """Keep what was sent, if the ticket is good and the person may still file."""
    try:
        number = _signer().loads(request.form.get(FIELD, ""), max_age=int(_HOLDS.total_seconds()))
    except BadData:
        return
    actor = person_numbered(number) if isinstance(number, int) else None
    if actor is None:
        return
    try:
        with transaction(wiring().engine) as session:
            a = act_as(session, actor)
            filing = filing_for(a, period, locked=True)
            asked = section_named(filing, section)
            form = section_form(asked, {}, 0)
            seen = form.seen.data or ""
            saved = Saved(section=asked, typed=typed_in(asked, form), seen=seen, is_done=False)
            park(session, actor, filing, saved, at=a.at)
    except PortalError:
        return


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="section after session")
