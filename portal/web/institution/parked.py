"""A section sent after its session ended: kept for the person on whose page it was typed."""

from __future__ import annotations

from portal.casework.special_reports.parking import park
from portal.casework.special_reports.reports import Saved
from portal.domain.errors import PortalError
from portal.store.session import transaction
from portal.web.boundary import act_as, wiring
from portal.web.held import whose_ticket
from portal.web.institution.answer_fields import section_form, typed_in
from portal.web.institution.filed import filing_for, section_named


def keep(period: str, section: str) -> None:
    """Keep what was sent, if its ticket is good and the person may still file."""
    actor = whose_ticket()
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
