"""A file handed in at the desk: staged and shown, then taken in or given up.

Between the two its bytes lie in the database encrypted with a key derived from the person key;
once it is taken in or given up they are gone.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.intake.files.checking import Told
from portal.intake.files.formats import Kind
from portal.intake.files.source import Source
from portal.intake.handing_in import Counter, Handed, Outcome, Wish
from portal.intake.kinds.persons import NONCE_BYTES, seal, unseal
from portal.intake.taking_in import check_file, take_in
from portal.store.audit import record
from portal.store.receipts import Upload, one_at_a_time

MOST_SHOWN = 20_000
"""Refusals kept of one upload; a file with more is no exam file."""


class UploadState(StrEnum):
    """How far an upload has come."""

    CHECKED = "checked"
    TAKEN_IN = "taken_in"
    GIVEN_UP = "given_up"


def stage(
    session: Session, actor: Actor, counter: Counter, handed: Handed, corrects: str | None = None
) -> Upload | Outcome:
    """Keep a checked file for a person to decide on; or return that it was taken in before.

    ``corrects`` is the number of the receipt whose file this one issues anew.

    Raises:
        NotAllowed: the actor may not take in files.
        RuleBroken: that receipt cannot be corrected.

    """
    actor.require(Permission.TAKE_IN_EXAMS)
    outcome = take_in(session, actor, counter, handed, Wish(trial=True, corrects=corrects))
    if outcome.already:
        return outcome
    upload = staged_row(actor, counter, handed, outcome)
    upload.corrects = corrects
    return keep_staged(session, actor, counter, upload)


def staged_row(actor: Actor, counter: Counter, handed: Handed, outcome: Outcome) -> Upload:
    """Return the row of a checked file that waits, its bytes encrypted."""
    with handed.source.open() as file:
        content = file.read()
    return Upload(
        kind=handed.kind.value,
        sha256=outcome.sha256,
        file_name=handed.source.shown_name,
        sealed_content=sealed(counter, content),
        report=_report(outcome, handed.source),
        state=UploadState.CHECKED.value,
        uploaded_by_id=actor.person_id or 0,
        uploaded_at=counter.at,
    )


def sealed(counter: Counter, content: bytes) -> bytes:
    """Return content encrypted under the site's key.

    Raises:
        RuleBroken: the site has no person key.

    """
    return seal(_key(counter), content, secrets.token_bytes(NONCE_BYTES))


def keep_staged(session: Session, actor: Actor, counter: Counter, upload: Upload) -> Upload:
    """Write the row of a file that waits, and that it came."""
    session.add(upload)
    session.flush()
    facts = {
        "kind": upload.kind,
        "sha256": upload.sha256,
        "rows_read": upload.report["rows_read"],
    }
    record(session, actor, "file.staged", f"upload:{upload.id}", counter.at, **facts)
    return upload


def upload_of(session: Session, upload_id: int) -> Upload:
    """Return an upload.

    Raises:
        NotFound: there is none of this number.

    """
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise NotFound("intake.no_upload")
    return upload


def handed_in(session: Session, upload_id: int) -> Upload:
    """Return an upload of the exam authority's own, not one that regulators entered.

    Raises:
        NotFound: there is none of this number.

    """
    upload = upload_of(session, upload_id)
    if upload.sender is not None:
        raise NotFound("intake.no_upload")
    return upload


def open_uploads(session: Session) -> list[Upload]:
    """Return the uploads that wait for a decision, newest first."""
    asked = select(Upload).where(Upload.state == UploadState.CHECKED.value, Upload.sender.is_(None))
    return list(session.scalars(asked.order_by(Upload.id.desc())))


def take_staged(
    session: Session,
    actor: Actor,
    counter: Counter,
    upload_id: int,
    wish: Wish,
    told: Told = lambda _count: None,
) -> Outcome:
    """Take a staged file in, judged anew; what it corrects was said when it was staged.

    Raises:
        NotAllowed: the actor may not take in files.
        NotFound: there is no such upload.
        Conflict: it was dealt with before.
        RuleBroken: rows are refused and ``partial`` was not asked for, or nothing is left.

    """
    actor.require(Permission.TAKE_IN_EXAMS)
    handed_in(session, upload_id)
    upload = waiting(session, upload_id)
    source = source_of(upload, counter)
    handed = check_file(session, counter, Kind(upload.kind), source, told)
    wish = replace(wish, corrects=upload.corrects)
    return settle_staged(session, upload, take_in(session, actor, counter, handed, wish))


def settle_staged(session: Session, upload: Upload, outcome: Outcome) -> Outcome:
    """Let go of the bytes of a file that was taken in.

    Raises:
        RuleBroken: rows are refused, so that it was not.

    """
    if outcome.receipt is None:
        raise RuleBroken("intake.still_refused", None, refused=outcome.refused)
    upload.state, upload.sealed_content = UploadState.TAKEN_IN.value, None
    upload.receipt_id = outcome.receipt.id
    session.flush()
    return outcome


def restage(session: Session, actor: Actor, counter: Counter, upload_id: int) -> Upload:
    """Judge a staged file anew, after something was learned; return it with its new report.

    Raises:
        NotAllowed: the actor may not take in files.
        NotFound: there is no such upload.
        Conflict: it was dealt with before.

    """
    actor.require(Permission.TAKE_IN_EXAMS)
    handed_in(session, upload_id)
    upload = waiting(session, upload_id)
    source = source_of(upload, counter)
    handed = check_file(session, counter, Kind(upload.kind), source)
    outcome = take_in(session, actor, counter, handed, Wish(trial=True, corrects=upload.corrects))
    upload.report = _report(outcome, source)
    session.flush()
    return upload


def source_of(upload: Upload, counter: Counter) -> Source:
    """Return a staged file as it was sent.

    Raises:
        Conflict: it was dealt with before, or the person key has changed.

    """
    if upload.sealed_content is None:
        raise Conflict("intake.upload_gone")
    return Source(_named(upload), unseal(_key(counter), upload.sealed_content))


def give_up(session: Session, actor: Actor, counter: Counter, upload_id: int) -> None:
    """Throw a staged file away; that it was there stays in the trail.

    Raises:
        NotAllowed: the actor may not take in files.
        NotFound: there is no such upload.
        Conflict: it was dealt with before.

    """
    upload = waiting(session, upload_id)
    behalf = upload.sender is not None
    actor.require(Permission.TAKE_IN_ON_BEHALF if behalf else Permission.TAKE_IN_EXAMS)
    upload.state, upload.sealed_content = UploadState.GIVEN_UP.value, None
    record(session, actor, "file.given_up", f"upload:{upload.id}", counter.at, kind=upload.kind)


def waiting(session: Session, upload_id: int) -> Upload:
    """Return a file that still waits, held by this transaction.

    Raises:
        NotFound: there is no such upload.
        Conflict: it was dealt with before.

    """
    one_at_a_time(session)
    upload = upload_of(session, upload_id)
    session.refresh(upload)
    if upload.state != UploadState.CHECKED.value:
        raise Conflict("intake.upload_gone")
    return upload


def _key(counter: Counter) -> str:
    if not counter.person_key:
        raise RuleBroken("intake.no_person_key")
    return counter.person_key


def _named(upload: Upload) -> str:
    """Return the name with the ending that the sender gave it: it tells a page from a workbook."""
    return f"{upload.file_name}{upload.report.get('ending', '')}"


def _report(outcome: Outcome, source: Source) -> dict[str, object]:
    counts = ("rows_read", "accepted", "merged", "refused", "withdrawn", "skipped", "ignored")
    return {name: getattr(outcome, name) for name in counts} | {
        "ending": "" if source.shown_name.endswith(source.ending) else source.ending,
        "sheets": len(outcome.sheets),
        "flaws": len(outcome.refusals),
        "refusals": [refused.as_facts() for refused in outcome.refusals[:MOST_SHOWN]],
    }
