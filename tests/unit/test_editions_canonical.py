"""Canonical bytes: one way to write JSON, CSV and zip, and everything else refused."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from portal.domain.errors import RuleBroken
from portal.metrics.figures import TrendFigures
from portal.metrics.inputs import Listed
from portal.publication.editions import tables
from portal.publication.editions.canonical import canonical_json, pack, read_canonical_json, unpack

MEMBERS = {"b.csv": b"1,2\n", "a/c.json": b"{}", "empty": b""}
HOSTILE = ("=1+1", "+86", "-2", "−2", "@x", "\tx", "\rx", "＝1", "'=x", "''@", "安全\n=x")


def test_any_program_opens_the_zip() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(MEMBERS))) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == sorted(MEMBERS)
        assert {name: opened.read(name) for name in opened.namelist()} == MEMBERS
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}


def test_the_order_of_members_makes_no_difference() -> None:
    assert pack(MEMBERS) == pack(dict(reversed(MEMBERS.items())))
    assert unpack(pack(MEMBERS)) == MEMBERS


@pytest.mark.parametrize("change", ["comment", "compressed", "twice", "appended", "cut"])
def test_another_way_of_packing_is_refused(change: str) -> None:
    written = {
        "comment": lambda: _zipped(comment=b"hello"),
        "compressed": lambda: _zipped(kind=zipfile.ZIP_DEFLATED),
        "twice": lambda: pack(MEMBERS) + pack(MEMBERS),
        "appended": lambda: pack(MEMBERS) + b"\0",
        "cut": lambda: pack(MEMBERS)[:-1],
    }[change]()
    with pytest.raises(RuleBroken, match=r"verify\.zip"):
        unpack(written)


def _zipped(comment: bytes = b"", kind: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in sorted(MEMBERS.items()):
            archive.writestr(zipfile.ZipInfo(name), content, kind)
        archive.comment = comment
    return out.getvalue()


@pytest.mark.parametrize("text", [b'{"b":1, "a":2}', b'{"b":1,"a":2}', b"[]", b"{", b"\xff"])
def test_other_json_is_refused(text: bytes) -> None:
    with pytest.raises(RuleBroken, match=r"verify\.not_canonical"):
        read_canonical_json(text, "x.json")


def test_json_has_one_form() -> None:
    assert canonical_json({"b": "期", "a": None}) == '{"a":null,"b":"期"}'.encode()
    assert read_canonical_json(b'{"a":1}', "x") == {"a": 1}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_a_formula_and_none_is_lost(name: str) -> None:
    rows = (Listed(institution="T001", name=name, name_en=None, area="1"),)
    content = tables.written(tables.INSTITUTIONS, rows)
    cell = content.decode().split(",", 4)[4].lstrip('"')
    assert not cell.startswith(("=", "+", "-", "−", "@", "\t", "\r", "＝"))
    assert tables.rows_of(tables.INSTITUTIONS, {tables.INSTITUTIONS.path: content}) == rows


def test_a_table_is_read_only_as_it_is_written() -> None:
    cell = TrendFigures(
        trade="a", institution="T001", period="2025", trials=12, successes=10, reason=None
    )
    content = tables.written(tables.TREND, [cell, replace(cell, period="2026")])
    members = {tables.TREND.path: content}
    assert tables.rows_of(tables.TREND, members)[1].period == "2026"
    for other in (content[:-1], content + b"\n", content.replace(b"12", b"012"), b"\xff", b""):
        with pytest.raises(RuleBroken, match=r"verify\.not_canonical"):
            tables.rows_of(tables.TREND, {tables.TREND.path: other})
    with pytest.raises(RuleBroken, match=r"verify\.missing"):
        tables.rows_of(tables.TREND, {})
