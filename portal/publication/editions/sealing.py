"""Sealing: two different persons, one transaction, a bundle that never changes again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.editions.factual_checks import close_checks
from portal.casework.supervision.list_events import settle_list
from portal.domain.errors import NotAllowed, RuleBroken
from portal.domain.people import OPERATOR, Actor, Permission
from portal.publication.editions.approving import (
    APPROVALS,
    approvals_of,
    approve,
    may_seal,
    one_at_a_time,
    open_draft,
)
from portal.publication.editions.blocks import Block, approval_blocks, blocks_of
from portal.publication.editions.chain import chain_so_far
from portal.publication.editions.composing import FIGURES, Draft
from portal.publication.editions.manifest import Seal, sealed
from portal.publication.editions.rotation import keys_so_far, present_key, told_keys
from portal.publication.editions.shelving import shelve
from portal.rules.office import Office
from portal.rules.rulebook import Rulebook
from portal.store.audit import record
from portal.store.chain import append
from portal.store.editions import Edition
from portal.store.people import Person
from portal.store.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an act of sealing stands on."""

    session: Session
    rules: Rulebook
    office: Office
    site: Site
    at: datetime
    day: date
    data_dir: Path


def seal_as_second(ground: Ground, actor: Actor, number: int, shown: str) -> Edition:
    """Approve the draft ``shown`` as the second person, and seal it.

    Raises:
        NotAllowed: the person may not seal.
        NotFound: there is no such draft.
        Conflict: the draft has changed, or somebody else has just sealed it.
        RuleBroken: something stands in the way; nobody can seal alone.

    """
    approve(ground.session, actor, number, shown, ground.at)
    edition = open_draft(ground.session, number, shown)
    approvals = approvals_of(ground.session, edition)
    _refuse(approval_blocks(approvals))
    return _seal(ground, edition, actor, [one.name for one in approvals])


def seal_approved(ground: Ground, number: int, usernames: tuple[str, str]) -> Edition:
    """Seal, at the command line, what both persons have approved at the desk.

    Raises:
        NotFound: there is no such draft, or no such person.
        NotAllowed: one of them may not seal, or they are one person.
        RuleBroken: one has not approved the present draft, or something else stands in the way.

    """
    one_at_a_time(ground.session)
    edition = open_draft(ground.session, number)
    persons = two_persons(ground.session, usernames)
    given = {one.person_id for one in approvals_of(ground.session, edition)}
    _refuse(
        [
            Block("edition.not_approved_by", {"name": person.name})
            for person in persons
            if person.id not in given
        ]
    )
    return _seal(ground, edition, OPERATOR, [person.name for person in persons])


def seal_as_operator(ground: Ground, number: int, usernames: tuple[str, ...] = ()) -> Edition:
    """Seal without approvals: the edition, its page and the audit trail say so for ever.

    Raises:
        NotFound: there is no such draft, or no such person.
        RuleBroken: something else than approvals stands in the way.

    """
    one_at_a_time(ground.session)
    edition = open_draft(ground.session, number)
    persons = two_persons(ground.session, usernames) if usernames else []
    edition.by_operator = True
    return _seal(ground, edition, OPERATOR, [person.name for person in persons])


def two_persons(session: Session, usernames: tuple[str, ...]) -> list[Person]:
    """Return the two persons, who are different and may seal.

    Raises:
        RuleBroken: there is no such person.
        NotAllowed: one of them may not seal, or they are one person.

    """
    persons = [_person(session, name) for name in usernames]
    if len({person.id for person in persons}) < APPROVALS:
        raise NotAllowed("edition.two_persons")
    for person in persons:
        if not may_seal(person):
            raise NotAllowed("edition.may_not_seal", name=person.name)
    return persons


def _person(session: Session, name: str) -> Person:
    person = session.scalar(select(Person).where(Person.username == name.strip().lower()))
    if person is None:
        named = session.scalars(select(Person).where(Person.name == name.strip())).all()
        person = named[0] if len(named) == 1 else None
    if person is None:
        raise RuleBroken("edition.person_unknown", name=name)
    return person


def _seal(ground: Ground, edition: Edition, actor: Actor, names: list[str]) -> Edition:
    if actor is not OPERATOR:
        actor.require(Permission.SEAL_EDITION)
    session = ground.session
    found = blocks_of(session, edition, ground.rules, ground.office, ground.site, ground.day)
    _refuse([one for one in found if not (edition.by_operator and one.operator_may)])
    draft = Draft(edition.draft_members)
    edition.previous_sha256 = _hash_before(session, edition.number)
    key = present_key(session, ground.data_dir, ground.at)
    settle_list(session, ground.day, ground.at)
    checked = close_checks(session, edition, ground.day)
    _bind(edition, draft, ground, key, Sealing(names, checked))
    append(session, "edition", edition.manifest_sha256 or "", ground.at, edition.number)
    if edition.kind == FIGURES:
        shelve(session, edition.id, draft.members, ground.rules)
    facts = {
        "period": edition.period,
        "manifest_sha256": edition.manifest_sha256,
        "persons": names,
        "factual_check": checked,
        "by_operator": edition.by_operator,
    }
    record(session, actor, "edition.sealed", f"edition:{edition.number}", ground.at, **facts)
    return edition


@dataclass(frozen=True, slots=True)
class Sealing:
    """Who sealed, and how the institutions' check ended (None: nobody was asked)."""

    names: list[str]
    checked: dict[str, object] | None


def _bind(
    edition: Edition, draft: Draft, ground: Ground, key: Ed25519PrivateKey, sealing: Sealing
) -> None:
    """Sign the draft and keep the bundle with all hashes that name it."""
    seal = Seal(
        number=edition.number,
        previous=edition.previous_sha256,
        composed_at=edition.composed_at,
        sealed_at=ground.at,
        sealed_by=sealing.names,
        by_operator=edition.by_operator,
        chain=chain_so_far(ground.session),
        keys=told_keys(keys_so_far(ground.session)),
        factual_check=sealing.checked,
    )
    bundle = sealed(draft.members, draft.head, seal, key)
    edition.state, edition.sealed_at, edition.sealed_by = "sealed", ground.at, sealing.names
    edition.bundle, edition.bundle_sha256 = bundle.content, bundle.sha256
    edition.manifest_sha256, edition.signature = bundle.manifest_sha256, bundle.signature
    edition.signing_key, edition.replaces = bundle.key, draft.head["replaces"]


def _hash_before(session: Session, number: int) -> str | None:
    """Return the manifest hash of the last edition sealed before this one; None of the first."""
    asked = select(Edition.manifest_sha256).where(
        Edition.number < number, Edition.manifest_sha256.is_not(None)
    )
    return session.scalar(asked.order_by(Edition.number.desc()).limit(1))


def _refuse(blocks: list[Block]) -> None:
    """Do nothing when nothing stands in the way.

    Raises:
        RuleBroken: with the first block's sentence; the fact ``blocks`` holds all of them.

    """
    if blocks:
        raise RuleBroken(blocks[0].key, **blocks[0].facts, blocks=tuple(blocks))
