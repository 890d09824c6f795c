"""What a staged file would do to the ranking, before anybody decides."""

from __future__ import annotations

from portal.domain.people import Permission
from portal.intake.handing_in import Wish
from portal.intake.uploads import handed_in
from portal.web.checked import effect_page
from portal.web.guard import allowed


@allowed(Permission.AUTHORITY_DESK)
def effect(number: int) -> str:
    """Show who would change band and who would become withheld; nothing is written."""
    return effect_page(
        "authority/effect.html", lambda session: handed_in(session, number), Wish(partial=True)
    )
