"""A file of the invented world that came on paper: one regulator enters it, the other confirms."""

from __future__ import annotations

from datetime import date

from portal.demonstration.doors import Place
from portal.demonstration.papers import paper
from portal.demonstration.people import regulators
from portal.demonstration.script import Calendar
from portal.intake.files.formats import Kind
from portal.intake.files.source import Source
from portal.intake.handing_in import Counter
from portal.intake.on_behalf import Letter, confirm, enter
from portal.intake.taking_in import check_file
from portal.rules.rulebook import rules_on
from portal.store.receipts import Upload
from portal.store.session import reading, transaction

LETTER_TRADE = "height-installation"
"""Whose results came with a letter in the newest period that is sealed."""


def letter_of(number: str, received_on: date) -> Letter:
    """Return the letter of an authority without an account."""
    return Letter(
        sender="示例市考试中心",
        document_no=number,
        received_on=received_on,
        scan=paper("letter"),
    )


def take_in_letter(place: Place, calendar: Calendar, content: bytes, day: date) -> None:
    """Take in results that came with a letter on ``day``."""
    at = calendar.at(day)
    counter = Counter(office=place.office, day=day, at=at, person_key=place.person_key)
    source = Source("示例来文成绩.csv", content)
    with reading(place.engine) as session:
        handed = check_file(session, counter, Kind.EXAMS, source)
    with transaction(place.engine) as session:
        first, second = regulators(session)
        letter = letter_of(f"示考〔{day.year}〕2号", day)
        entered = enter(session, first, counter, handed, letter, rules_on(day))
        if isinstance(entered, Upload):
            confirm(session, second, counter, entered.id)
