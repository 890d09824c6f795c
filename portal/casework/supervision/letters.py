"""Tips and requests for help: received with a tracking code, accepted, handed off, answered."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.access.sign_in import count_try
from portal.casework.supervision.cases import Stand, need, next_number
from portal.domain import slips
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Permission
from portal.rules.workdays import WorkCalendar
from portal.store.audit import record
from portal.store.cases import CaseFile
from portal.store.institutions import Institution
from portal.store.letters import Letter

KINDS = ("tip", "help")
HOTLINES = ("12345", "12350")
_OPEN = ("received", "accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote; ``writer`` and ``contact`` empty = anonymous, ``code`` a known one."""

    kind: str
    words: str
    about: str = ""
    code: str = ""
    writer: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTimes:
    """How fast letters of a kind are answered; ``median_days`` in working days, None: none yet."""

    received: int
    answered: int
    in_time: int
    late_open: int
    median_days: float | None


def receive_letter(stand: Stand, written: Written) -> tuple[Letter, str]:
    """Take a letter in; return it and its tracking code, of which only a hash is kept.

    Raises:
        RuleBroken: nothing was written, or the same was written today already.

    """
    need({}, words=written.words)
    digest = hashlib.sha256(f"{written.kind}\n{written.words.strip()}".encode()).hexdigest()
    again = select(Letter.id).where(Letter.digest == digest, Letter.received_on == stand.day)
    if stand.session.scalar(again) is not None:
        raise RuleBroken("letter.received_already", {"words": "letter.received_already"})
    code = "".join(secrets.choice(slips.ALPHABET) for _ in range(slips.LENGTH))
    letter = _letter(stand, written, digest, code)
    stand.session.add(letter)
    stand.session.flush()
    record(stand.session, stand.actor, "letter.receive", f"letter:{letter.number}", stand.at)
    return letter, slips.written(code)


def count_letter(stand: Stand, home: str) -> None:
    """Count one letter of an address, so that nobody floods the desk.

    Raises:
        TooOften: the address has used up its letters.

    """
    subject = hashlib.sha256(f"letter:{home}".encode()).hexdigest()
    count_try(stand.session, {subject: stand.rules.letters.per_address}, stand.at, stand.rules)


def tracked_letter(session: Session, typed: str) -> Letter:
    """Return the letter of a tracking code.

    Raises:
        NotFound: there is none.

    """
    found = session.scalar(
        select(Letter).where(Letter.code_hash == slips.hash_of(slips.read(typed)))
    )
    if found is None:
        raise NotFound("letter.code_unknown")
    return found


def accept_letter(stand: Stand, number: str) -> Letter:
    """Take the matter up."""
    letter = _open_letter(stand, number)
    if letter.state == "accepted":
        raise Conflict("letter.accepted_already")
    letter.state, letter.accepted_on = "accepted", stand.day
    _trail(stand, letter, "accept")
    return letter


def hand_off(stand: Stand, number: str, *, to: str, words: str) -> Letter:
    """Hand the letter to a hotline whose matter it is; its writer reads to which, and why."""
    letter = _open_letter(stand, number)
    need({} if to in HOTLINES else {"to": "letter.hotline_unknown"}, words=words)
    letter.state, letter.handed_to = "handed_off", to
    letter.answer, letter.answered_on = words.strip(), stand.day
    _trail(stand, letter, "hand_off", to=to)
    return letter


def answer_letter(stand: Stand, number: str, *, words: str, case_number: str = "") -> Letter:
    """Answer the letter; ``case_number`` names the case that was opened upon it, internally."""
    letter = _open_letter(stand, number)
    named = case_number.strip()
    known = select(CaseFile.id).where(CaseFile.number == named)
    faults = {"case_number": "letter.case_unknown"} if named else {}
    need({} if stand.session.scalar(known) else faults, words=words)
    letter.state = "answered"
    letter.answer, letter.answered_on = words.strip(), stand.day
    letter.case_number = named or letter.case_number
    _trail(stand, letter, "answer", case=letter.case_number)
    return letter


def answer_times(session: Session, kind: str, day: date, calendar: WorkCalendar) -> AnswerTimes:
    """Return how fast letters of a kind have been answered up to ``day``."""
    rows = session.execute(
        select(Letter.received_on, Letter.answered_on, Letter.answer_until_on).where(
            Letter.kind == kind, Letter.received_on <= day
        )
    ).all()
    done = [(start, end, until) for start, end, until in rows if end is not None and end <= day]
    days = [calendar.working_days_between(start, end) for start, end, _ in done]
    return AnswerTimes(
        received=len(rows),
        answered=len(done),
        in_time=sum(end <= until for _, end, until in done),
        late_open=sum((end is None or end > day) and day > until for _, end, until in rows),
        median_days=float(median(days)) if days else None,
    )


def waiting_letters(session: Session) -> int:
    """Return how many letters wait for an answer."""
    open_ones = select(func.count()).select_from(Letter).where(Letter.state.in_(_OPEN))
    return session.scalar(open_ones) or 0


def _letter(stand: Stand, written: Written, digest: str, code: str) -> Letter:
    rules, add = stand.rules.letters, stand.rules.calendar.add_working_days
    known = stand.session.scalar(
        select(Institution.id).where(Institution.code == (written.code or None))
    )
    return Letter(
        number=next_number(stand.session, f"T{stand.day.year}-", Letter.number),
        kind=written.kind if written.kind in KINDS else KINDS[0],
        code_hash=slips.hash_of(code),
        digest=digest,
        about=written.about.strip(),
        institution_id=known,
        by_institution_id=stand.actor.institution_id,
        words=written.words.strip(),
        writer=written.writer.strip(),
        contact=written.contact.strip(),
        received_at=stand.at,
        received_on=stand.day,
        accept_until_on=add(stand.day, rules.accept_days),
        answer_until_on=add(stand.day, rules.answer_days),
    )


def _open_letter(stand: Stand, number: str) -> Letter:
    stand.actor.require(Permission.HANDLE_CASE)
    letter = stand.session.scalar(select(Letter).where(Letter.number == number).with_for_update())
    if letter is None:
        raise NotFound("letter.unknown", number=number)
    if letter.state not in _OPEN:
        raise Conflict("letter.answered_already")
    return letter


def _trail(stand: Stand, letter: Letter, act: str, **facts: object) -> None:
    record(
        stand.session, stand.actor, f"letter.{act}", f"letter:{letter.number}", stand.at, **facts
    )
