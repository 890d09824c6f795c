"""A file of an authority without an account: one regulator enters it, another one confirms it.

The letter it came with is kept as a scan; every figure that the file feeds shows where it is from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.domain.evidence import Evidence, examined
from portal.domain.people import Actor, Permission
from portal.intake.files.formats import Kind
from portal.intake.handing_in import Behalf, Counter, Handed, Outcome, Wish
from portal.intake.kinds.persons import unseal
from portal.intake.taking_in import check_file, take_in
from portal.intake.uploads import (
    UploadState,
    keep_staged,
    sealed,
    settle_staged,
    source_of,
    staged_row,
    upload_of,
    waiting,
)
from portal.rules.rulebook import Rulebook
from portal.store.people import Person
from portal.store.receipts import Receipt, ScannedCover, Upload

KINDS = (Kind.EXAMS, Kind.TALLIES)
NOT_YET = Behalf(
    sender="-",
    document_no="-",
    received_on=date.min,
    entered_by="-",
    confirmed_by="-",
    scan_sha256="-",
)
"""In place of the letter, while a file is only tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What came with a file: who sent it, its number, the day it was received, the scan."""

    sender: str
    document_no: str
    received_on: date | None
    scan: bytes


def enter(
    session: Session,
    actor: Actor,
    counter: Counter,
    handed: Handed,
    letter: Letter,
    rules: Rulebook,
) -> Upload | Outcome:
    """Keep a checked file and its letter for a second regulator; or say that it was taken before.

    Raises:
        NotAllowed: the actor is no regulator.
        RuleBroken: the letter is not told in full, or its scan is no PDF or picture.

    """
    actor.require(Permission.TAKE_IN_ON_BEHALF)
    scan = _told_in_full(letter, counter, rules)
    outcome = take_in(session, actor, counter, handed, Wish(trial=True, behalf=NOT_YET))
    if outcome.already:
        return outcome
    upload = staged_row(actor, counter, handed, outcome)
    upload.sender, upload.document_no = letter.sender.strip(), letter.document_no.strip()
    upload.received_on = letter.received_on
    keep_staged(session, actor, counter, upload)
    cover = ScannedCover(
        upload_id=upload.id,
        kind=scan.kind,
        sha256=scan.sha256,
        sealed_content=sealed(counter, scan.content),
    )
    session.add(cover)
    return upload


def _told_in_full(letter: Letter, counter: Counter, rules: Rulebook) -> Evidence:
    faults = {}
    if not letter.sender.strip():
        faults["sender"] = "behalf.no_sender"
    if not letter.document_no.strip():
        faults["document_no"] = "behalf.no_document"
    if letter.received_on is None or letter.received_on > counter.day:
        faults["received_on"] = "behalf.no_day"
    if faults:
        raise RuleBroken("behalf.incomplete", faults)
    try:
        return examined(letter.scan, rules.report.attachments)
    except RuleBroken as error:
        raise RuleBroken(error.key, {"scan": error.key}, **error.facts) from error


def confirm(session: Session, actor: Actor, counter: Counter, upload_id: int) -> Outcome:
    """Take in what another regulator entered.

    Raises:
        NotAllowed: the actor is no regulator, or entered it.
        NotFound: there is no such file.
        Conflict: it was dealt with before.
        RuleBroken: rows are refused.

    """
    actor.require(Permission.TAKE_IN_ON_BEHALF)
    upload = waiting(session, upload_id)
    cover = cover_of(session, upload)
    if upload.uploaded_by_id == actor.person_id:
        raise NotAllowed("behalf.second_person")
    if upload.sender is None or upload.document_no is None or upload.received_on is None:
        raise NotFound("intake.no_upload")
    behalf = Behalf(
        sender=upload.sender,
        document_no=upload.document_no,
        received_on=upload.received_on,
        entered_by=session.get_one(Person, upload.uploaded_by_id).name,
        confirmed_by=actor.name,
        scan_sha256=cover.sha256,
    )
    handed = check_file(session, counter, Kind(upload.kind), source_of(upload, counter))
    return settle_staged(
        session, upload, take_in(session, actor, counter, handed, Wish(behalf=behalf))
    )


def waiting_for_a_second(session: Session) -> list[Upload]:
    """Return what was entered and waits for another regulator, newest first."""
    asked = select(Upload).where(
        Upload.state == UploadState.CHECKED.value, Upload.sender.is_not(None)
    )
    return list(session.scalars(asked.order_by(Upload.id.desc())))


def entered(session: Session, upload_id: int) -> Upload:
    """Return a file that a regulator entered.

    Raises:
        NotFound: there is none of this number.

    """
    upload = upload_of(session, upload_id)
    if upload.sender is None:
        raise NotFound("intake.no_upload")
    return upload


def cover_of(session: Session, upload: Upload) -> ScannedCover:
    """Return the scan of the letter that came with a file.

    Raises:
        NotFound: there is none.

    """
    cover = session.scalar(select(ScannedCover).where(ScannedCover.upload_id == upload.id))
    if cover is None:
        raise NotFound("intake.no_upload")
    return cover


def scan_in_clear(cover: ScannedCover, counter: Counter) -> bytes:
    """Return the scan as it was sent.

    Raises:
        Conflict: the person key has changed since.

    """
    if not counter.person_key:
        raise Conflict("intake.upload_unreadable")
    return unseal(counter.person_key, cover.sealed_content)


def upload_behind(session: Session, receipt: Receipt) -> Upload | None:
    """Return the entered file that became a receipt; None where it came another way."""
    return session.scalar(
        select(Upload).where(Upload.receipt_id == receipt.id, Upload.sender.is_not(None))
    )
