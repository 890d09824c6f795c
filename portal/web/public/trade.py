"""One trade's certificate in plain words: who needs it, what it takes, what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.publication.institutions.offers import Offer, offers_on
from portal.publication.standings import rankings
from portal.rules.catalogue import Trade
from portal.rules.certificates import CertificateFact, certificate_of
from portal.web.boundary import Act, look
from portal.web.language import CHINESE, language
from portal.web.public import telling
from portal.web.public.rank.ranking import ranking_in


def trade(slug: str) -> str:
    """Show how the certificate of a trade is earned, and where to learn."""
    with look() as here:
        known = here.office.trade(slug)
        if known is None:
            raise NoSuchPage
        edition = rankings.latest(here.session)
        found = ranking_in(here, edition, slug)
        certificate = certificate_of(known)
        return render_template(
            "public/trade.html",
            trade=known,
            certificate=certificate,
            facts=[told(here, fact, known) for fact in certificate.on(here.day)]
            if certificate
            else [],
            changes=_changes(here, known),
            edition=edition,
            ranking=found,
            letters=telling.letters(here, edition, found),
            category=here.office.category_of(known),
            fees=_fees(offers_on(here.session, here.day, slug).values()),
            is_offered=slug in here.office.trades,
            measure=telling.measure_name,
        )


def told(here: Act, fact: CertificateFact, trade: Trade) -> dict[str, Any]:
    """Return one sentence with its numbers filled in, and where it comes from."""
    words = fact.zh if language() == CHINESE else fact.en
    line = f"{here.rules.exam.pass_line:g}"
    name = trade.name(language())
    return {
        "topic": fact.topic,
        "words": words.format(trade=name, pass_line=line),
        "source": fact.source,
        "verified": fact.verified,
    }


def _changes(here: Act, trade: Trade) -> list[dict[str, Any]]:
    certificate = certificate_of(trade)
    changed = certificate.changed_by(here.day) if certificate else []
    return [
        {"on": on, "new": told(here, new, trade), "old": told(here, old, trade)}
        for on, new, old in changed
        if old is not None
    ]


def _fees(offers: Iterable[Offer]) -> tuple[int, int, int] | None:
    """Return lowest and highest fee in cents and how many stated one; None where nobody did."""
    stated = sorted(offer.fee_cents for offer in offers if offer.fee_cents is not None)
    return (stated[0], stated[-1], len(stated)) if stated else None
