"""What still stands in the way of sealing a draft, each thing as a sentence for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.editions.factual_checks import asked_of, to_ask
from portal.domain.errors import PortalError
from portal.domain.period import Period
from portal.publication.editions.approving import APPROVALS, Approval
from portal.publication.editions.canonical import sha256
from portal.publication.editions.composing import (
    RULEBOOK,
    WITHDRAWAL,
    Draft,
    Prepared,
    inputs_of,
    prepared,
)
from portal.publication.editions.own_figures import digests
from portal.rules.office import Office
from portal.rules.rulebook import Rulebook
from portal.store.editions import Edition
from portal.store.site import Site


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that stands in the way of sealing: the key of its sentence and the facts.

    ``operator_may``: the operator may seal nevertheless, and the edition says so.
    """

    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    operator_may: bool = False


def blocks_of(
    session: Session, edition: Edition, rules: Rulebook, office: Office, site: Site, day: date
) -> list[Block]:
    """Return everything that stands in the way of sealing, but for approvals."""
    blocks = _order_blocks(session, edition, day)
    if edition.kind == WITHDRAWAL:
        return blocks
    try:
        period = Period.parse(edition.period)
        composed_on = edition.composed_at.astimezone(office.zone).date()
        ground = prepared(session, period, rules, office, site, composed_on)
    except PortalError as error:
        return [*blocks, Block(error.key, error.facts)]
    blocks += _changes(edition, ground)
    blocks += _check_blocks(session, edition, ground, day)
    blocks += [
        Block("edition.objection_untreated", {"no": one.objection.number, "name": one.name})
        for one in ground.untreated
    ]
    if ground.replaces is not None and not edition.why_zh:
        blocks.append(Block("edition.why_missing", {"number": ground.replaces}, operator_may=True))
    return blocks


def approval_blocks(approvals: list[Approval]) -> list[Block]:
    """Return what is missing of two persons' approval."""
    holding = [one for one in approvals if one.holds]
    lost = [
        Block("edition.approver_gone", {"name": one.name}) for one in approvals if not one.holds
    ]
    if len(holding) >= APPROVALS:
        return lost
    return [*lost, Block("edition.approvals_missing", {"given": len(holding), "wanted": APPROVALS})]


def own_to_check(session: Session, edition: Edition, ground: Prepared) -> dict[str, str]:
    """Return code → hash of what institutions must check before this edition.

    In a correction that is whoever's figures differ from those that were published.
    """
    if ground.replaces is None:
        return dict(ground.own)
    asked = select(Edition.draft_members).where(Edition.number == ground.replaces)
    members = Draft(session.scalars(asked).one()).members
    published = digests(inputs_of(members, Period.parse(edition.period)))
    return {code: own for code, own in ground.own.items() if published.get(code) != own}


def _order_blocks(session: Session, edition: Edition, day: date) -> list[Block]:
    blocks = []
    period = Period.parse(edition.period)
    if period.ends_on >= day:
        blocks.append(Block("edition.period_not_over", {"until": period.ends_on}))
    earlier = session.scalar(
        select(func.min(Edition.number)).where(
            Edition.number < edition.number, Edition.state == "draft"
        )
    )
    if earlier is not None:
        blocks.append(Block("edition.earlier_draft", {"number": earlier}))
    return blocks


def _changes(edition: Edition, ground: Prepared) -> list[Block]:
    draft, now = Draft(edition.draft_members), ground.frozen
    before = {name: draft.members.get(name, b"") for name in now}
    blocks = []
    if sha256(now.pop(RULEBOOK)) != sha256(before.pop(RULEBOOK)):
        blocks.append(Block("edition.rules_changed"))
    if _differ(now, before):
        blocks.append(Block("edition.inputs_changed"))
    return blocks


def _differ(now: Mapping[str, bytes], before: Mapping[str, bytes]) -> bool:
    return any(before[name] != content for name, content in now.items())


def _check_blocks(session: Session, edition: Edition, ground: Prepared, day: date) -> list[Block]:
    """Return what the institutions' check of their figures still wants."""
    asked = asked_of(session, edition)
    missing = to_ask(session, edition, own_to_check(session, edition, ground))
    if missing:
        key = "edition.check_again" if asked else "edition.check_not_opened"
        return [Block(key, {"count": len(missing)}, operator_may=True)]
    still = [one.check for one in asked if one.check.outcome == "open"]
    waits = [check.closes_on for check in still if day <= check.closes_on]
    if not waits:
        return []
    facts = {"until": max(waits), "count": len(waits)}
    return [Block("edition.check_runs", facts, operator_may=True)]
