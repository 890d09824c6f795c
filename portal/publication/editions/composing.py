"""Composing an edition: from the store to a draft whose bytes are those that will be sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.editions.objections import Known, is_settled, objections_of
from portal.domain.errors import RuleBroken
from portal.domain.period import Period
from portal.metrics.counts import gathered
from portal.metrics.disputes import Dispute, without_disputed
from portal.metrics.figures import Figures
from portal.metrics.inputs import FigureRules, Inputs, window_of
from portal.metrics.provenance import Provenance, provenance_of
from portal.metrics.signals import Crowd, crowds
from portal.metrics.suppression import suppressed
from portal.publication.compute import METHOD, figures_under, software
from portal.publication.editions import tables
from portal.publication.editions.canonical import (
    canonical_json,
    pack,
    read_canonical_json,
    sha256,
    unpack,
)
from portal.publication.editions.datapackage import described
from portal.publication.editions.differences import CHANGES, change_member
from portal.publication.editions.own_figures import digest_of, digests
from portal.rules.office import Office
from portal.rules.rulebook import Rulebook
from portal.store.editions import Edition
from portal.store.site import Site

RULEBOOK = "rulebook.json"
FIGURES, WITHDRAWAL = "figures", "withdrawal"
HEAD = "draft.json"
"""What the manifest will say of the draft; it stands in drafts only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why an edition is corrected or withdrawn, in Chinese and, where given, in English."""

    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a draft will be computed from: everything read from the store, and small cells out.

    ``own`` maps an institution's code to the hash of what it is asked to check; ``disputes`` are
    objections that are not settled, ``untreated`` those for which nobody has chosen what the
    edition does with the figure. ``corrected`` are the members of the edition ``replaces``;
    ``base`` are the inputs with the disputed figures in them; ``crowds`` say of each threshold
    whether cells crowd above it, the small ones counted.
    ``provenance`` names the files that were taken in on behalf.
    """

    inputs: Inputs
    rules: Rulebook
    office: Office
    world: str
    replaces: int | None
    disputes: tuple[Dispute, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)
    untreated: tuple[Known, ...] = ()
    corrected: Mapping[str, bytes] | None = None
    why: Why = Why()
    base: Inputs | None = None
    crowds: Sequence[Crowd] = ()
    provenance: tuple[Provenance, ...] = ()

    @property
    def frozen(self) -> dict[str, bytes]:
        """Return the members that hold inputs and rules."""
        beside = {
            tables.DISPUTES.path: tables.written(tables.DISPUTES, self.disputes),
            tables.PROVENANCE.path: tables.written(tables.PROVENANCE, self.provenance),
        }
        return input_members(self.inputs) | beside | {RULEBOOK: self.rules.canonical.encode()}


@dataclass(frozen=True, slots=True)
class Draft:
    """A computed draft: its packed members, whose SHA-256 approvals name."""

    content: bytes

    @property
    def sha256(self) -> str:
        """Return the hash that stands for exactly this draft."""
        return sha256(self.content)

    @property
    def members(self) -> dict[str, bytes]:
        """Return the members that will be sealed."""
        return {name: what for name, what in unpack(self.content).items() if name != HEAD}

    @property
    def head(self) -> dict[str, Any]:
        """Return what the manifest will say of it."""
        return read_canonical_json(unpack(self.content)[HEAD], HEAD)


def prepared(
    session: Session,
    period: Period,
    rules: Rulebook,
    office: Office,
    site: Site,
    as_of: date | None = None,
) -> Prepared:
    """Return what an edition of ``period`` would be computed from now.

    Conditions and cases are those of the day ``as_of``; None = the day of the rules.

    Raises:
        RuleBroken: no exam counts lie in its window.

    """
    found = gathered(session, period, rules, office, as_of or rules.on)
    base = suppressed(found, for_figures(rules))
    if not base.trades:
        raise RuleBroken("edition.no_data", period=str(period))
    unsettled = _unsettled(session, period, base)
    disputes = tuple(_dispute(one) for one in unsettled if one.objection.treatment)
    before = _sealed_before(session, period)
    inputs = without_disputed(base, disputes)
    return Prepared(
        inputs=inputs,
        provenance=provenance_of(session, inputs),
        disputes=disputes,
        untreated=tuple(one for one in unsettled if not one.objection.treatment),
        own=digests(base),
        base=base,
        crowds=crowds(found, window_of(period, rules.ranking), rules),
        rules=rules,
        office=office,
        world=site.world,
        replaces=before.number if before else None,
        corrected=Draft(before.draft_members).members if before else None,
    )


def drafted(ground: Prepared) -> Draft:
    """Return the draft computed from ``ground``; takes seconds and needs no database."""
    figures = figures_under(METHOD, ground.inputs, for_figures(ground.rules))
    members = ground.frozen | figure_members(figures)
    members[CHANGES.path] = change_member(ground.corrected, members)
    members |= described(members, ground.inputs.period, ground.office)
    ranking = ground.rules.ranking
    head = {
        "period": str(ground.inputs.period),
        "world": ground.world,
        "office": {
            "key": ground.office.key,
            "name_zh": ground.office.name_zh,
            "name_en": ground.office.name_en,
        },
        "method": METHOD,
        "software": software(),
        "level": ranking.level,
        "draws": ranking.draws,
        "seed": ranking.seed,
        "rulebook_sha256": sha256(members[RULEBOOK]),
        "kind": FIGURES,
        "replaces": ground.replaces,
        "withdraws": None,
        "why_zh": ground.why.zh.strip() or None,
        "why_en": ground.why.en.strip() or None,
        "crowds": [asdict(one) for one in ground.crowds],
    }
    return Draft(pack(members | {HEAD: canonical_json(head)}))


def input_members(inputs: Inputs) -> dict[str, bytes]:
    """Return the tables of the inputs."""
    return {
        tables.TRADES.path: tables.written(tables.TRADES, inputs.trades),
        tables.INSTITUTIONS.path: tables.written(tables.INSTITUTIONS, inputs.institutions),
        tables.PLACES.path: tables.written(tables.PLACES, inputs.places),
        tables.COUNTS.path: tables.written(tables.COUNTS, inputs.counts),
        tables.ANSWERS.path: tables.written(tables.ANSWERS, inputs.answers),
        tables.OTHER_KINDS.path: tables.written(tables.OTHER_KINDS, inputs.other_kinds),
        tables.CONDITIONS.path: tables.written(tables.CONDITIONS, inputs.conditions),
        tables.RECORD.path: tables.written(tables.RECORD, inputs.record),
    }


def figure_members(figures: Figures) -> dict[str, bytes]:
    """Return the tables of the figures."""
    return {
        tables.TRADE_FIGURES.path: tables.written(tables.TRADE_FIGURES, figures.trades),
        tables.STANDINGS.path: tables.written(tables.STANDINGS, figures.standings),
        tables.WITHHELD.path: tables.written(tables.WITHHELD, figures.withheld),
        tables.TREND.path: tables.written(tables.TREND, figures.trend),
        tables.PAIRS.path: tables.written(tables.PAIRS, figures.pairs),
        tables.OTHER_KIND_FIGURES.path: tables.written(
            tables.OTHER_KIND_FIGURES, figures.other_kinds
        ),
        tables.ALL_ROUND.path: tables.written(tables.ALL_ROUND, figures.all_round),
        tables.ALL_ROUND_STANDINGS.path: tables.written(
            tables.ALL_ROUND_STANDINGS, figures.all_round_standings
        ),
    }


def inputs_of(members: Mapping[str, bytes], period: Period) -> Inputs:
    """Return the inputs that a bundle holds.

    Raises:
        RuleBroken: a table is missing or not written canonically.

    """
    return Inputs(
        period=period,
        trades=tables.rows_of(tables.TRADES, members),
        institutions=tables.rows_of(tables.INSTITUTIONS, members),
        places=tables.rows_of(tables.PLACES, members),
        counts=tables.rows_of(tables.COUNTS, members),
        answers=tables.rows_of(tables.ANSWERS, members),
        other_kinds=tables.rows_of(tables.OTHER_KINDS, members),
        conditions=tables.rows_of(tables.CONDITIONS, members),
        record=tables.rows_of(tables.RECORD, members),
    )


def _unsettled(session: Session, period: Period, base: Inputs) -> list[Known]:
    """Return the objections to figures of the period that are neither rejected nor put right."""
    return [
        one
        for one in objections_of(session, str(period))
        if not is_settled(one.objection, digest_of(base, one.code, one.objection.trade))
    ]


def _dispute(known: Known) -> Dispute:
    objection = known.objection
    return Dispute(
        trade=objection.trade,
        institution=known.code,
        figure=objection.figure,
        treatment=objection.treatment or "",
    )


def for_figures(rules: Rulebook) -> FigureRules:
    """Return the part of a rulebook that figures follow."""
    return FigureRules(
        ranking=rules.ranking,
        satisfaction=rules.satisfaction,
        composite=rules.composite,
        integrity=rules.integrity,
    )


def _sealed_before(session: Session, period: Period) -> Edition | None:
    """Return the newest sealed edition with figures of the same period."""
    asked = select(Edition).where(
        Edition.period == str(period), Edition.state == "sealed", Edition.kind == FIGURES
    )
    return session.scalar(asked.order_by(Edition.number.desc()).limit(1))
