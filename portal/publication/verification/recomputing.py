"""Every published figure once more, from the bundle's own inputs and rules."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from portal.domain.errors import RuleBroken
from portal.domain.period import Period
from portal.metrics.inputs import FigureRules
from portal.publication.compute import figures_under, software
from portal.publication.editions.canonical import sha256
from portal.publication.editions.chain import CHAIN
from portal.publication.editions.composing import RULEBOOK, WITHDRAWAL, figure_members, inputs_of
from portal.publication.editions.differences import CHANGES, change_member
from portal.publication.verification.verifying import Opened
from portal.rules.error import RuleError
from portal.rules.figures import Composite, Integrity, Ranking, Satisfaction
from portal.rules.reading import build


def recomputed(edition: Opened) -> int:
    """Compute all figures of an edition again and compare; return how many rows agreed.

    Raises:
        RuleBroken: the method is not known here, or a figure differs; the first one is named.

    """
    manifest, members = edition.manifest, edition.members
    if sha256(members.get(RULEBOOK, b"")) != manifest.get("rulebook_sha256"):
        raise RuleBroken("verify.member", member=RULEBOOK)
    try:
        period = Period.parse(str(manifest["period"]))
    except ValueError as cause:
        raise RuleBroken("verify.not_canonical", member="manifest.json") from cause
    if manifest.get("kind") == WITHDRAWAL:
        return _no_figures(members)
    inputs = inputs_of(members, period)
    try:
        figures = figures_under(str(manifest["method"]), inputs, figure_rules(members))
    except (ValueError, KeyError) as cause:
        raise RuleBroken("verify.inputs", reason=str(cause)) from cause
    rows = 0
    for name, content in figure_members(figures).items():
        rows += _compared(name, members.get(name, b""), content)
    return rows


def _no_figures(members: Mapping[str, bytes]) -> int:
    """Check that an edition that takes another back brings no figures of its own."""
    strange = sorted(name for name in members if name not in {RULEBOOK, CHAIN.path})
    if strange:
        raise RuleBroken("verify.member", member=strange[0])
    return 0


def check_corrections(editions: Mapping[int, Opened]) -> None:
    """Check that each correction tells every figure that differs from what it corrects.

    Raises:
        RuleBroken: it tells other changes than there are.

    """
    for number, edition in sorted(editions.items()):
        corrected = editions.get(int(edition.manifest.get("replaces") or 0))
        before = corrected.members if corrected else None
        if edition.manifest.get("kind") == WITHDRAWAL:
            continue
        if edition.members.get(CHANGES.path) != change_member(before, edition.members):
            raise RuleBroken("verify.changes", number=number, member=CHANGES.path)


def figure_rules(members: Mapping[str, bytes]) -> FigureRules:
    """Return the rules that figures follow, from the rulebook inside the bundle.

    Only these are read: what else the rulebook says may use words that this code no longer knows.

    Raises:
        RuleBroken: they cannot be read.

    """
    try:
        tables = json.loads(members[RULEBOOK])
        return FigureRules(
            ranking=build(Ranking, tables["ranking"]["values"], "ranking"),
            satisfaction=build(Satisfaction, tables["satisfaction"]["values"], "satisfaction"),
            composite=build(Composite, tables["composite"]["values"], "composite"),
            integrity=build(Integrity, tables["integrity"]["values"], "integrity"),
        )
    except (ValueError, KeyError, TypeError, RuleError) as cause:
        raise RuleBroken("verify.not_canonical", member=RULEBOOK) from cause


def other_software(edition: Opened) -> dict[str, tuple[str, str]]:
    """Return name → version in the bundle and here, of what differs."""
    told = edition.manifest.get("software")
    bundle = told if isinstance(told, dict) else {}
    return {
        name: (str(bundle.get(name)), here)
        for name, here in software().items()
        if bundle.get(name) != here
    }


def _compared(name: str, published: bytes, computed: bytes) -> int:
    if published == computed:
        return computed.count(b"\n") - 1
    nothing: list[str] = []
    lines = zip_longest(_lines(published), _lines(computed), fillvalue=nothing)
    head = nothing
    for number, (before, now) in enumerate(lines, 1):
        head = head or now
        for column, (old, new) in zip_longest(head, zip_longest(before, now, fillvalue="")):
            if old != new:
                facts: dict[str, Any] = {
                    "line": number,
                    "column": str(column),
                    "published": old,
                    "computed": new,
                }
                raise RuleBroken("verify.figure", member=name, **facts)
    raise RuleBroken("verify.not_canonical", member=name)


def _lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))
