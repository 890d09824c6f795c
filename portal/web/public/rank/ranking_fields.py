"""The fields by which a reader narrows a ranking: only those that would change something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.web.boundary import Act
from portal.web.finding import Options, area_options
from portal.web.language import gettext
from portal.web.public.rank.ranking_places import Place
from portal.web.public.rank.ranking_wishes import (
    SCHEDULES,
    Wishes,
    fee_steps,
    fee_words,
    schedule_words,
)

Field = dict[str, Any]


def fields_of(here: Act, wishes: Wishes, places: list[Place]) -> list[Field]:
    """Return the fields as ``parts/filters.html`` takes them."""
    present = {place.area_code for place in places}
    areas = [(code, name) for code, name in area_options(here.office) if code in present]
    fields = [_field("area", gettext("上课地点"), gettext("都可以"), areas, wishes.area)]
    held = {one.schedule for place in places for one in place.offer.classes}
    times = [(key, schedule_words(key)) for key in SCHEDULES if key in held]
    fields.append(
        _field("schedule", gettext("上课时间"), gettext("什么时间都行"), times, wishes.schedule)
    )
    fields.append(_fee(wishes, (place.offer.fee_cents for place in places)))
    fields.append(_near(here, wishes))
    return [field for field in fields if len(field["options"]) > 1]


def _fee(wishes: Wishes, cents: Iterable[int | None]) -> Field:
    steps = set(fee_steps(fee for fee in cents if fee is not None))
    steps |= {wishes.max_fee} if wishes.max_fee is not None else set()
    fees = [(str(step), fee_words(step)) for step in sorted(steps)]
    return _field("max_fee", gettext("学费"), gettext("不限"), fees, str(wishes.max_fee or ""))


def _near(here: Act, wishes: Wishes) -> Field:
    known = {area.code for area in here.office.areas if area.latitude is not None}
    areas = [(code, name) for code, name in area_options(here.office) if code in known]
    return _field("near", gettext("从哪里出发"), gettext("不比远近"), areas, wishes.near)


def _field(name: str, words: str, everything: str, options: Options, value: str) -> Field:
    return {"name": name, "label": words, "options": [("", everything), *options], "value": value}
