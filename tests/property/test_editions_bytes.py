"""Whatever is changed in a sealed bundle, verification finds it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from editions_bundle import (
    KEY,
    OTHER_KEY,
    bundle,
    draft,
    look,
    resealed,
    seal,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.errors import RuleBroken
from portal.publication.editions import tables
from portal.publication.editions.canonical import canonical_json, pack, sha256, unpack
from portal.publication.editions.manifest import MANIFEST, SIGNATURE
from portal.publication.editions.signing import public_hex
from portal.publication.verification.recomputing import recomputed
from portal.publication.verification.verifying import opened


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
    figures = (
        name for name, what in members.items() if "figures/" in name and what.count(b"\n") > 1
    )
    name = data.draw(st.sampled_from(sorted(figures)))
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
