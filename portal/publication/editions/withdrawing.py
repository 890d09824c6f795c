"""Taking an edition back: an edition of its own, without figures, that says which and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.errors import Conflict, RuleBroken
from portal.publication.editions.archive import Contents, Sealed
from portal.publication.editions.canonical import canonical_json, pack
from portal.publication.editions.composing import HEAD, RULEBOOK, WITHDRAWAL, Draft, Why

_KEPT = ("period", "world", "office", "method", "software", "level", "draws", "seed")


def withdrawal_of(edition: Sealed, contents: Contents, why: Why) -> Draft:
    """Return the draft of the edition that takes ``edition`` back.

    Its rules and method are those of the edition withdrawn: it computes nothing.

    Raises:
        Conflict: it does not stand any more.
        RuleBroken: no reason is given.

    """
    if not edition.stands:
        by = edition.withdrawn_by or edition.replaced_by or edition.number
        raise Conflict("edition.does_not_stand", number=edition.number, by=by)
    if not why.zh.strip():
        raise RuleBroken("edition.why_needed", {"why_zh": "edition.why_needed"})
    told: Mapping[str, Any] = contents.manifest
    head = {name: told[name] for name in _KEPT} | {
        "kind": WITHDRAWAL,
        "withdraws": edition.number,
        "replaces": None,
        "why_zh": why.zh.strip(),
        "why_en": why.en.strip() or None,
        "rulebook_sha256": told["rulebook_sha256"],
    }
    members = {RULEBOOK: contents.members[RULEBOOK]}
    return Draft(pack(members | {HEAD: canonical_json(head)}))
