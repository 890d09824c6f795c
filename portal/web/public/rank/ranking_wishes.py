"""What a reader asked of a ranking: filters, order and place in it, all in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlencode

from portal.publication.institutions.offers import Offer
from portal.rules.office import Office
from portal.web.language import gettext
from portal.web.public.telling import area_name
from portal.web.shape import capital, label, money

SCHEDULES = ("weekday", "weekend", "evening")
SORTS = ("rate", "satisfaction", "fee", "next", "distance")
_DEAREST = 100_000
_NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
_MOST_STEPS = 5
_CENTS = 100


class Place(Protocol):
    """What a filter looks at in a row: where it is and what it offers."""

    @property
    def area_code(self) -> str:
        """Return the code of its area."""

    @property
    def offer(self) -> Offer:
        """Return its fee and classes."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The state of a ranking page; ``max_fee`` in whole units of money, ``after`` a code.

    ``near`` is the area to start from; with it the nearest come first unless ``sort`` says else.
    """

    area: str = ""
    schedule: str = ""
    max_fee: int | None = None
    near: str = ""
    sort: str = ""
    after: str = ""

    @property
    def order(self) -> str:
        """Return the order that the page has."""
        if self.sort and (self.near or self.sort != "distance"):
            return self.sort
        return "distance" if self.near else "rate"

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the plain page, as a query."""
        found = [("area", self.area), ("schedule", self.schedule)]
        found += [("max_fee", str(self.max_fee or "")), ("near", self.near)]
        plain = "distance" if self.near else "rate"
        found += [("sort", "" if self.order == plain else self.order), ("after", self.after)]
        return [(name, value) for name, value in found if value]

    def address(self, base: str, **changed: Any) -> str:  # noqa: ANN401  # any wish
        """Return the address of the page with some wishes changed, from the first row on."""
        query = urlencode(replace(self, **{"after": ""} | changed).pairs())
        return f"{base}?{query}" if query else base

    def keeps(self, place: Place) -> bool:
        """Tell whether a row fits the filters."""
        if self.area and place.area_code != self.area:
            return False
        if self.schedule and place.offer.next_of(self.schedule) is None:
            return False
        fee = place.offer.fee_cents
        return self.max_fee is None or (fee is not None and fee <= self.max_fee * _CENTS)


def wishes_in(query: Mapping[str, str], office: Office) -> Wishes:
    """Return what a query asks for; what nobody could mean is left out."""
    area, schedule = query.get("area", ""), query.get("schedule", "")
    sort, fee = query.get("sort", ""), query.get("max_fee", "")
    start = office.area(query.get("near", ""))
    is_fee = fee.isascii() and fee.isdecimal() and 0 < len(fee) <= len(str(_DEAREST))
    return Wishes(
        area=area if office.area(area) else "",
        schedule=schedule if schedule in SCHEDULES else "",
        max_fee=int(fee) if is_fee and int(fee) else None,
        near=start.code if start and start.latitude is not None else "",
        sort=sort if sort in SORTS else "",
        after=query.get("after", "")[:64],
    )


def chosen(wishes: Wishes, base: str, office: Office) -> list[dict[str, str]]:
    """Return each filter in use with the address that takes it away."""
    used = _in_use(wishes, office)
    if wishes.near:
        used.append(("near", near_words(office, wishes.near), ""))
    return [
        {"text": text, "href": wishes.address(base, **{name: none})} for name, text, none in used
    ]


def loosenings(
    wishes: Wishes, base: str, office: Office, places: Iterable[Place]
) -> list[tuple[str, str]]:
    """Return (address, words) of the nearest wider searches that find something, widest last."""
    rows = list(places)
    found = []
    for name, text, none in _in_use(wishes, office):
        wider = replace(wishes, **{name: none})
        count = sum(wider.keeps(row) for row in rows)
        if count:
            words = gettext("不限“%(what)s”，有 %(n)s 家") % {"what": text, "n": count}
            found.append((count, wider.address(base), words))
    return [(href, words) for _, href, words in sorted(found)]


def fee_steps(cents: Iterable[int]) -> list[int]:
    """Return round amounts between the cheapest and the dearest fee, in whole units of money."""
    known = sorted(cents)
    if not known:
        return []
    low, high = known[0] / _CENTS, known[-1] / _CENTS
    nice = [round(step * 10**power) for power in range(1, 6) for step in _NICE]
    between = [amount for amount in nice if low <= amount < high]
    apart = -(-len(between) // _MOST_STEPS) or 1
    return between[::apart]


def fee_words(amount: int) -> str:
    """Return a limit of the fee in words."""
    return gettext("学费 %(fee)s以内") % {"fee": money(amount * _CENTS)}


def schedule_words(schedule: str) -> str:
    """Return a schedule in words."""
    return capital(label(f"schedule.{schedule}"))


def _in_use(wishes: Wishes, office: Office) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []
    if wishes.area:
        found.append(("area", area_name(office, wishes.area), ""))
    if wishes.schedule:
        found.append(("schedule", schedule_words(wishes.schedule), ""))
    if wishes.max_fee is not None:
        found.append(("max_fee", fee_words(wishes.max_fee), None))
    return found


def near_words(office: Office, near: str) -> str:
    """Return the area that distances start from, in words."""
    return gettext("从%(place)s出发") % {"place": area_name(office, near)}
