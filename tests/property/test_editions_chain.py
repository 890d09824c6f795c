"""One chain over all editions, list events and keys: whatever is left out or changed is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from editions_bundle import (
    AT,
    KEY,
    chain,
    chain_after,
    draft,
    look,
    sealed_otherwise,
)

from portal.domain.errors import RuleBroken
from portal.publication.editions.chain import chain_member, chain_of, head_of
from portal.publication.editions.manifest import Seal, sealed
from portal.publication.verification.verifying import check_chain


def test_a_whole_chain_holds() -> None:
    check_chain(chain())


@pytest.mark.parametrize("dropped", [1, 2])
def test_a_dropped_edition_is_named(dropped: int) -> None:
    editions = chain()
    del editions[dropped]
    with pytest.raises(RuleBroken, match=r"verify\.chain_gap") as refusal:
        check_chain(editions)
    assert refusal.value.facts["number"] == dropped


def test_editions_that_changed_places_are_named() -> None:
    editions = chain()
    editions[2], editions[3] = editions[3], editions[2]
    with pytest.raises(RuleBroken, match=r"verify\.chain_number"):
        check_chain(editions)


def test_another_past_is_found() -> None:
    editions = chain()
    editions[1] = look(sealed_otherwise())
    with pytest.raises(RuleBroken, match=r"verify\.chain_previous"):
        check_chain(editions)


def test_a_forgotten_list_event_is_found() -> None:
    editions = chain()
    third = editions[3]
    shortened = replace(editions[2], chain=editions[2].chain[:-1])
    facts = Seal(
        number=3,
        previous=shortened.manifest_sha256,
        composed_at=AT,
        sealed_at=AT,
        sealed_by=("王一", "李二"),
        by_operator=False,
        chain=chain_after(shortened),
    )
    editions[3] = look(sealed(draft().members, draft().head, facts, KEY).content)
    assert editions[3].chain != third.chain
    with pytest.raises(RuleBroken, match=r"verify\.chain_history") as refusal:
        check_chain(editions)
    assert refusal.value.facts == {"number": 3, "entry": 2}


def test_a_chain_that_does_not_follow_is_found() -> None:
    lines = chain()[3].chain
    broken = [*lines[:1], replace(lines[1], digest="f" * 64), *lines[2:]]
    members = draft().members | chain_member(broken)
    with pytest.raises(RuleBroken, match=r"verify\.chain_entry") as refusal:
        chain_of({"chain": head_of(broken), "previous": lines[2].digest}, members)
    assert refusal.value.facts["entry"] == 2
