"""Objections to figures: raised with evidence, looked into, answered; every step is recorded.

An objection never changes a figure. Where it is accepted, the exam authority sends a corrected
file; until that came, and while it is open, the edition marks the figure or leaves it out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.casework.editions.factual_checks import own_check, require_open
from portal.casework.supervision.cases import Stand, next_number
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Permission
from portal.store.audit import record
from portal.store.editions import Edition
from portal.store.factual_checks import Objection, ObjectionEvidence
from portal.store.institutions import Institution

FIGURES = ("rate", "satisfaction")
TREATMENTS = ("marked", "withheld")
_SIGNS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_MOST_FILES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What an institution objects to: one figure of one trade, why, and the files that show it.

    ``figures_sha256`` names the counts as they were shown.
    """

    trade: str
    figure: str
    words: str
    files: Sequence[tuple[str, bytes]]
    figures_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An objection with the institution that raised it."""

    objection: Objection
    code: str
    name: str
    name_en: str | None


def raise_objection(stand: Stand, number: int, raised: Raised) -> Objection:
    """Record an objection and its evidence.

    Raises:
        NotFound: the institution was not asked about that edition.
        TooLate: its days are over.
        RuleBroken: something is missing, a file is no evidence, or there is one already.

    """
    stand.actor.require(Permission.CHECK_FIGURES)
    check = own_check(stand, number)
    require_open(check, stand.day)
    edition = stand.session.scalars(select(Edition).where(Edition.number == number)).one()
    _require_sound(stand, edition, raised)
    objection = Objection(
        number=next_number(stand.session, f"Y{stand.day.year}-", Objection.number),
        edition_number=number,
        period=edition.period,
        institution_id=check.institution_id,
        trade=raised.trade,
        figure=raised.figure,
        words=raised.words.strip(),
        figures_sha256=raised.figures_sha256,
        raised_by=stand.actor.name,
        raised_at=stand.at,
    )
    stand.session.add(objection)
    stand.session.flush()
    for name, content in raised.files:
        stand.session.add(_evidence(objection, name, content))
    check.outcome = "objected"
    check.answered_by, check.answered_at = stand.actor.name, stand.at
    _record(stand, objection, "raised", files=len(raised.files))
    return objection


def treat(stand: Stand, number: str, revision: int, treatment: str, reason: str) -> Objection:
    """Choose what the edition does with the figure until the objection is settled.

    Raises:
        NotAllowed: the person may not compose editions.
        Conflict: somebody else acted on it since it was shown.
        RuleBroken: it was rejected, or no reason is given.

    """
    objection = _for_act(stand, number, revision)
    if objection.state == "rejected":
        raise RuleBroken("objection.settled")
    if treatment not in TREATMENTS or not reason.strip():
        raise RuleBroken("objection.incomplete", {"reason": "objection.reason_missing"})
    objection.treatment, objection.treatment_reason = treatment, reason.strip()
    objection.treated_by = stand.actor.name
    _record(stand, objection, "treated", treatment=treatment)
    return objection


def answer(stand: Stand, number: str, revision: int, *, accepted: bool, words: str) -> Objection:
    """Accept or reject an objection, with reasons.

    Raises:
        NotAllowed: the person may not compose editions.
        Conflict: somebody else acted on it since it was shown.
        RuleBroken: it was answered already, or no reasons are given.

    """
    objection = _for_act(stand, number, revision)
    if objection.state != "open":
        raise RuleBroken("objection.settled")
    if not words.strip():
        raise RuleBroken("objection.incomplete", {"words": "objection.reason_missing"})
    objection.state = "accepted" if accepted else "rejected"
    objection.answer, objection.answered_by = words.strip(), stand.actor.name
    objection.answered_on = stand.day
    if not accepted:
        objection.treatment = None
    _record(stand, objection, "answered", accepted=accepted)
    return objection


def objections_of(session: Session, period: str, institution_id: int | None = None) -> list[Known]:
    """Return the objections to figures of a period, of one institution where given."""
    asked = _known().where(Objection.period == period)
    if institution_id is not None:
        asked = asked.where(Objection.institution_id == institution_id)
    return [_told(*row) for row in session.execute(asked.order_by(Objection.number))]


def objection_numbered(session: Session, number: str) -> Known:
    """Return one objection.

    Raises:
        NotFound: there is none with this number.

    """
    row = session.execute(_known().where(Objection.number == number)).one_or_none()
    if row is None:
        raise NotFound("objection.unknown", number=number)
    return _told(*row)


def evidence_of(session: Session, objection: Objection) -> list[ObjectionEvidence]:
    """Return the files of an objection, without their contents."""
    asked = select(ObjectionEvidence).where(ObjectionEvidence.objection_id == objection.id)
    return list(session.scalars(asked.order_by(ObjectionEvidence.id)))


def is_settled(objection: Objection, now_sha256: str | None) -> bool:
    """Tell whether the figure may stand as any other: rejected, or corrected by a new file."""
    if objection.state == "accepted":
        return now_sha256 != objection.figures_sha256
    return objection.state == "rejected"


def _require_sound(stand: Stand, edition: Edition, raised: Raised) -> None:
    largest = stand.rules.report.attachments.max_bytes
    refused = [_kind(content) is None or len(content) > largest for _, content in raised.files]
    found = {
        "objection.figure_unknown": ("figure", raised.figure not in FIGURES),
        "objection.words_missing": ("words", not raised.words.strip()),
        "objection.too_many_files": ("files", len(raised.files) > _MOST_FILES),
        "objection.file_refused": ("files", any(refused)),
    }
    faults = {name: key for key, (name, wrong) in found.items() if wrong}
    if faults:
        facts = {"most": _MOST_FILES, "megabytes": largest // 2**20}
        raise RuleBroken("objection.incomplete", faults, **facts)
    wanted = (raised.trade, raised.figure, "open")
    for one in objections_of(stand.session, edition.period, stand.actor.institution_id):
        same = one.objection
        if (same.trade, same.figure, same.state) == wanted:
            raise RuleBroken("objection.raised_already", number=same.number)


def _evidence(objection: Objection, name: str, content: bytes) -> ObjectionEvidence:
    return ObjectionEvidence(
        objection_id=objection.id,
        file_name=name[-200:],
        kind=_kind(content) or "",
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def _kind(content: bytes) -> str | None:
    """Return what the content is, whatever its name says; None if it is no evidence we take."""
    return next((kind for sign, kind in _SIGNS.items() if content.startswith(sign)), None)


def _for_act(stand: Stand, number: str, revision: int) -> Objection:
    stand.actor.require(Permission.COMPOSE_EDITION)
    asked = select(Objection).where(Objection.number == number).with_for_update()
    objection = stand.session.scalar(asked)
    if objection is None:
        raise NotFound("objection.unknown", number=number)
    if objection.revision != revision:
        raise Conflict("objection.changed", by=objection.answered_by or objection.treated_by or "")
    objection.revision += 1
    return objection


def _known() -> Select[Objection, str, str, str | None]:
    return select(Objection, Institution.code, Institution.name, Institution.name_en).join(
        Institution, Institution.id == Objection.institution_id
    )


def _told(objection: Objection, code: str, name: str, name_en: str | None) -> Known:
    return Known(objection=objection, code=code, name=name, name_en=name_en)


def _record(stand: Stand, objection: Objection, act: str, **facts: object) -> None:
    thing = f"objection:{objection.number}"
    record(stand.session, stand.actor, f"objection.{act}", thing, stand.at, **facts)
