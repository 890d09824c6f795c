"""All institutions of a ranking in brief: enough to filter, sort and count thousands of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from portal.domain.distance import Point, kilometres
from portal.publication.institutions.directory import Spot, spots_on
from portal.publication.institutions.offers import Offer, offers_on
from portal.publication.standings import rankings
from portal.publication.standings.rankings import Brief, Head, Ranking
from portal.rules.office import Area, Office
from portal.web.boundary import Act
from portal.web.public.rank.ranking_wishes import Wishes

_FAR = float("inf")


@dataclass(slots=True, kw_only=True)
class Place:
    """One institution in brief; ``far`` is in kilometres, None where nobody asked or knows."""

    code: str
    area_code: str
    offer: Offer
    stopped: str = ""
    band: str = "withheld"
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    satisfaction: float | None = None
    far: float | None = None

    def next_on(self, schedule: str) -> date:
        """Return the day of its next class, the last of all days where there is none."""
        coming = None if self.stopped else self.offer.next_of(schedule)
        return coming.starts_on if coming else date.max


def places_of(here: Act, edition: Head, ranking: Ranking, *, is_latest: bool) -> list[Place]:
    """Return a ranking's institutions in the edition's order, newcomers since then at the end."""
    offers = offers_on(here.session, here.day, ranking.trade)
    spots = spots_on(here.session, here.day, ranking.trade)
    found = [
        _place(one, spots.get(one.code), offers.get(one.code) or Offer())
        for one in rankings.briefs(here.session, edition, ranking.trade)
    ]
    if is_latest:
        ranked = {place.code for place in found}
        found += [
            Place(
                code=code,
                area_code=spot.area_code,
                offer=offers.get(code) or Offer(),
                stopped=spot.stopped,
            )
            for code, spot in sorted(spots.items())
            if spot.teaches and code not in ranked
        ]
    return found


def _place(one: Brief, spot: Spot | None, offer: Offer) -> Place:
    return Place(
        code=one.code,
        area_code=spot.area_code if spot else one.area_code,
        offer=offer,
        stopped=spot.stopped if spot else "closed",
        band=one.band,
        rate=one.rate,
        rate_low=one.rate_low,
        rate_high=one.rate_high,
        satisfaction=one.satisfaction,
    )


def measure_from(places: Iterable[Place], office: Office, near: str) -> None:
    """Write into every place how far its area is from the area ``near``."""
    start = office.area(near)
    apart = {area.code: _apart(start, area) for area in office.areas} if start else {}
    for place in places:
        place.far = apart.get(place.area_code)


def _apart(one: Area, other: Area) -> float | None:
    here, there = _middle(one), _middle(other)
    return kilometres(here, there) if here and there else None


def _middle(area: Area) -> Point | None:
    if area.latitude is None or area.longitude is None:
        return None
    return Point(area.latitude, area.longitude)


def sorted_places(places: Iterable[Place], wishes: Wishes) -> list[Place]:
    """Return places in the order wished for; what is not known stands last."""
    keys: dict[str, Callable[[Place], tuple[float, float]]] = {
        "satisfaction": lambda one: (one.satisfaction is None, -(one.satisfaction or 0)),
        "fee": lambda one: (one.offer.fee_cents is None, one.offer.fee_cents or 0),
        "next": lambda one: (0, one.next_on(wishes.schedule).toordinal()),
        "distance": lambda one: (0, _FAR if one.far is None else one.far),
    }
    return sorted(places, key=keys[wishes.order]) if wishes.order in keys else list(places)
