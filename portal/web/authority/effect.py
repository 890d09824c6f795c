"""What a staged file would do to the ranking, before anybody decides."""

from __future__ import annotations

from flask import render_template

from portal.domain.people import Permission
from portal.intake.files.formats import Kind
from portal.intake.handing_in import Wish
from portal.intake.taking_in import check_file
from portal.intake.uploads import source_of, upload_of
from portal.publication.effect import effect_if_taken_in
from portal.web.boundary import look, wiring
from portal.web.guard import allowed
from portal.web.handing_in import counter_of


@allowed(Permission.AUTHORITY_DESK)
def effect(number: int) -> str:
    """Show who would change band and who would become withheld; nothing is written."""
    with look() as a:
        upload = upload_of(a.session, number)
        counter = counter_of(a)
        handed = check_file(a.session, counter, Kind(upload.kind), source_of(upload, counter))
    wish = Wish(partial=True, corrects=upload.corrects, reason="-")
    found = effect_if_taken_in(wiring().engine, a.actor, counter, handed, wish, a.rules)
    return render_template("authority/effect.html", upload=upload, effect=found)
