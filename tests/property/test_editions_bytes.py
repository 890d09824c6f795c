"""Whatever is changed in a sealed bundle, verification finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.errors import RuleBroken
from portal.domain.period import Period
from portal.metrics.inputs import Answers, Count, Inputs, Listed, Place, TradeInput
from portal.publication import tables
from portal.publication.canonical import canonical_json, pack, sha256, unpack
from portal.publication.chain import ChainLine, chain_member, chain_of, head_of
from portal.publication.composing import Draft, Prepared, drafted
from portal.publication.manifest import MANIFEST, SIGNATURE, Seal, sealed
from portal.publication.recomputing import recomputed
from portal.publication.signing import public_hex
from portal.publication.verifying import Opened, check_chain, opened
from portal.rules.office import load_office
from portal.rules.rulebook import rules_on
from portal.settings import ROOT
from portal.store.chain import START, head_after

KEY = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
AT = datetime(2026, 3, 16, 1, tzinfo=UTC)
SIZES = (300, 120, 45, 12)


CODES = tuple(f"T00{at}" for at in range(1, 5))
TRADE = "height-installation"


def count(at: int) -> Count:
    """Return the counts of one institution."""
    size, passed = SIZES[at], SIZES[at] * 4 // 5 - at * 2
    return Count(
        trade=TRADE,
        institution=CODES[at],
        period="2025-H2",
        registered=size + 3,
        sat=size,
        sat_first=size,
        passed_first=passed,
        passed=passed,
    )


def answers(at: int) -> Answers:
    """Return the answers about one institution."""
    return Answers(
        trade="",
        institution=CODES[at],
        period="2025-H2",
        source="问卷",
        invited=90,
        answered=40,
        satisfied_answers=30 + at,
    )


@cache
def draft() -> Draft:
    """Return a computed draft of four institutions and one trade."""
    named = TradeInput(trade=TRADE, name_zh="高处", name_en="Height", measure="first_attempt")
    inputs = Inputs(
        period=Period.parse("2025-H2"),
        trades=(named,),
        institutions=tuple(
            Listed(institution=code, name=f"示例{code}", name_en=None, area="1") for code in CODES
        ),
        places=tuple(Place(trade=TRADE, institution=code) for code in CODES),
        counts=tuple(count(at) for at in range(4)),
        answers=tuple(answers(at) for at in range(4)),
    )
    office = load_office((ROOT / "data/office/putuo.toml").read_text("utf-8"))
    rules = rules_on(date(2026, 3, 1))
    return drafted(Prepared(inputs=inputs, rules=rules, office=office, world="real", replaces=None))


def seal(number: int, before: Opened | None, key: Ed25519PrivateKey = KEY) -> bytes:
    """Return a sealed bundle of the draft, after the edition before it and one list event."""
    facts = Seal(
        number=number,
        previous=before and before.manifest_sha256,
        composed_at=AT,
        sealed_at=AT,
        sealed_by=("王一", "李二"),
        by_operator=False,
        chain=chain_after(before),
    )
    return sealed(draft().members, draft().head, facts, key).content


def chain_after(before: Opened | None) -> tuple[ChainLine, ...]:
    """Return the chain so far: what the edition before carried, that edition, and a list event."""
    if before is None:
        return ()
    lines = list(before.chain)
    told = (("edition", before.number, before.manifest_sha256), ("event", None, "e" * 64))
    for kind, edition, digest in told:
        number = len(lines) + 1
        head = head_after(lines[-1].head if lines else START, number, kind, digest)
        lines.append(
            ChainLine(number=number, kind=kind, edition=edition, digest=digest, head=head)
        )
    return tuple(lines)


@cache
def bundle() -> bytes:
    """Return one sealed bundle."""
    return seal(1, None)


def look(content: bytes, key: Ed25519PrivateKey = KEY) -> Opened:
    """Open a bundle, trusting one key."""
    return opened(content, [public_hex(key)])


def resealed(members: dict[str, bytes], **changes: object) -> Opened:
    """Return what an insider with the key would publish of changed members."""
    head = draft().head | changes
    facts = Seal(
        number=1, previous=None, composed_at=AT, sealed_at=AT, sealed_by=(), by_operator=False
    )
    return look(sealed(members, head, facts, KEY).content)


def test_an_untouched_bundle_holds() -> None:
    assert recomputed(look(bundle())) > 4


@given(st.data())
def test_any_flipped_byte_is_found(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(bundle()) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(bundle())
    changed[at] ^= flip
    with pytest.raises(RuleBroken):
        look(bytes(changed))


@given(st.data())
def test_any_byte_flipped_in_a_member_and_packed_again_is_found(data: st.DataObject) -> None:
    members = unpack(bundle())
    name = data.draw(st.sampled_from(sorted(members)))
    at = data.draw(st.integers(0, len(members[name]) - 1))
    changed = bytearray(members[name])
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RuleBroken):
        look(pack(members | {name: bytes(changed)}))


@given(st.data())
def test_a_removed_an_added_and_a_cut_member_are_found(data: st.DataObject) -> None:
    members = unpack(bundle())
    name = data.draw(st.sampled_from(sorted(members)))
    left = {key: what for key, what in members.items() if key != name}
    extra = data.draw(st.text("abc/.", min_size=1, max_size=8).filter(lambda it: it not in members))
    for changed in (left, members | {extra: b"x"}, left | {name: members[name][:-1]}):
        with pytest.raises(RuleBroken):
            look(pack(changed))


@settings(max_examples=20)  # each example computes the whole edition
@given(st.data())
def test_a_changed_figure_is_found_even_under_the_right_key(data: st.DataObject) -> None:
    members = draft().members
    name = data.draw(st.sampled_from(sorted(name for name in members if "figures/" in name)))
    lines = members[name].decode().splitlines()
    line = data.draw(st.integers(1, len(lines) - 1))
    cells = lines[line].split(",")
    column = data.draw(st.integers(0, len(cells) - 1))
    cells[column] += "1"
    lines[line] = ",".join(cells)
    changed = members | {name: ("\n".join(lines) + "\n").encode()}
    with pytest.raises(RuleBroken, match=r"verify\.figure") as refusal:
        recomputed(resealed(changed))
    assert refusal.value.facts["member"] == name
    assert refusal.value.facts["line"] == line + 1
    assert refusal.value.facts["column"] == lines[0].split(",")[column]


def test_a_changed_input_moves_a_figure() -> None:
    members = draft().members
    rows = list(tables.rows_of(tables.COUNTS, members))
    rows[0] = replace(rows[0], passed_first=(rows[0].passed_first or 0) - 5)
    changed = members | {tables.COUNTS.path: tables.written(tables.COUNTS, rows)}
    with pytest.raises(RuleBroken, match=r"verify\.figure"):
        recomputed(resealed(changed))


def test_a_changed_rule_moves_a_figure() -> None:
    members = draft().members
    text = members["rulebook.json"].replace(b'"band_above":0.975', b'"band_above":0.5')
    assert text != members["rulebook.json"]
    changed = members | {"rulebook.json": text}
    with pytest.raises(RuleBroken, match=r"verify\.figure"):
        recomputed(resealed(changed, rulebook_sha256=sha256(text)))
    with pytest.raises(RuleBroken, match=r"verify\.member"):
        recomputed(resealed(changed))


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(RuleBroken, match=r"verify\.method") as refusal:
        recomputed(resealed(draft().members, method="99"))
    assert refusal.value.facts["method"] == "99"


def test_another_key_is_found() -> None:
    with pytest.raises(RuleBroken, match=r"verify\.unknown_key"):
        look(seal(1, None, OTHER_KEY))
    with pytest.raises(RuleBroken, match=r"verify\.unknown_key"):
        opened(bundle(), [])


def test_a_foreign_signature_under_the_trusted_name_is_found() -> None:
    members = unpack(seal(1, None, OTHER_KEY))
    told = canonical_json(
        {
            "algorithm": "ed25519",
            "key": public_hex(KEY),
            "signature": OTHER_KEY.sign(members[MANIFEST]).hex(),
        }
    )
    with pytest.raises(RuleBroken, match=r"verify\.signature"):
        look(pack(members | {SIGNATURE: told}))


def chain(length: int = 3) -> dict[int, Opened]:
    """Return a whole chain of opened editions."""
    editions: dict[int, Opened] = {}
    for number in range(1, length + 1):
        editions[number] = look(seal(number, editions.get(number - 1)))
    return editions


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


def sealed_otherwise() -> bytes:
    """Return a first edition that other persons sealed."""
    facts = Seal(
        number=1,
        previous=None,
        composed_at=AT,
        sealed_at=AT,
        sealed_by=("别人",),
        by_operator=False,
    )
    return sealed(draft().members, draft().head, facts, KEY).content
