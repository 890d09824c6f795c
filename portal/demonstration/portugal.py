"""The real Portuguese counts, 2015 to 2019, as a world of their own: exams and nothing else."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta

from portal.casework.setting_up import become_demonstration
from portal.demonstration.building import Told
from portal.demonstration.cast import written
from portal.demonstration.doors import Place, compose, hand_in, seal
from portal.domain.period import Period
from portal.intake.files.formats import Kind
from portal.rules.office import Office
from portal.rules.reading import DATA
from portal.store.session import transaction

_EXAMS = DATA / "real" / "pt_imt_driving_school_exams_2015_2019.csv"
_DIRECTORY = DATA / "real" / "pt_imt_driving_school_directory_2024-01.csv"
_PARTS = {"theory": "t", "practical": "d"}
_UNKNOWN_AREA = "unknown"
_TALLIES = (
    "institution_code",
    "institution_name",
    "trade",
    "exam_kind",
    "period",
    "registered",
    "sat",
    "sat_first",
    "passed_first",
    "passed",
)
_INSTITUTIONS = ("institution_code", "name", "area_code", "trades")


def build_portugal(place: Place, told: Told) -> None:
    """Take the real counts in and seal an edition of every year.

    Raises:
        Conflict: the database holds something already.

    """
    at = place.machine
    with transaction(place.engine) as session:
        become_demonstration(session, "portugal", None, place.machine)
    hand_in(place, Kind.INSTITUTIONS, institutions_file(place.office), at, at.date())
    hand_in(place, Kind.TALLIES, tallies_file(), at, at.date())
    for year in sorted({row["year"] for row in _rows()}):
        told(year)
        sealed_at = at + timedelta(seconds=int(year))
        number = compose(place, Period.parse(year), sealed_at, at.date())
        seal(place, number, sealed_at, at.date())


def tallies_file() -> bytes:
    """Return the counts in the form that any city would use; empty or zero cells are no data."""
    return written(_TALLIES, _tallies())


def institutions_file(office: Office) -> bytes:
    """Return the schools under their newest names, each in its district where that is known."""
    names = {row["inst_key"]: row["inst_name_raw"] for row in _rows()}
    licences = {row["inst_key"]: row["licence_no"] for row in _rows()}
    districts = _districts(office)
    rows = (
        (key, names[key], districts.get(licences[key], _UNKNOWN_AREA), "theory;practical")
        for key in sorted(names)
    )
    return written(_INSTITUTIONS, rows)


def _tallies() -> Iterator[tuple[str, ...]]:
    for row in _rows():
        for trade, part in _PARTS.items():
            registered, sat = row[f"{part}_scheduled"], row[f"{part}_done"]
            if not sat or not float(sat) or not row[f"{part}_passed"]:
                continue
            counts = (registered, sat, "", "", row[f"{part}_passed"])
            yield (
                row["inst_key"],
                row["inst_name_raw"],
                trade,
                "initial",
                row["year"],
                *counts,
            )


def _districts(office: Office) -> dict[str, str]:
    codes = {area.name_en: area.code for area in office.areas}
    with _DIRECTORY.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {
            row["licence_no"]: codes[row["district"]]
            for row in rows
            if row["licence_no"] and row["district"] in codes
        }


def _rows() -> list[dict[str, str]]:
    with _EXAMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
