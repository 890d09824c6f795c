"""The described tables are the written ones: every file, every column, every type."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest

from portal.domain.period import Period
from portal.publication.editions import tables
from portal.publication.editions.datapackage import DICTIONARY, PACKAGE, described, formats
from portal.publication.editions.differences import CHANGES
from portal.rules.office import load_office
from portal.settings import ROOT

TABLES: tuple[tables.Table[Any], ...] = (
    tables.TRADES,
    tables.INSTITUTIONS,
    tables.PLACES,
    tables.COUNTS,
    tables.ANSWERS,
    tables.OTHER_KINDS,
    tables.CONDITIONS,
    tables.RECORD,
    tables.DISPUTES,
    tables.PROVENANCE,
    tables.TRADE_FIGURES,
    tables.STANDINGS,
    tables.WITHHELD,
    tables.TREND,
    tables.PAIRS,
    tables.OTHER_KIND_FIGURES,
    tables.ALL_ROUND,
    tables.ALL_ROUND_STANDINGS,
    CHANGES,
)
TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def test_every_table_is_described_in_its_order() -> None:
    assert [one["path"] for one in formats()] == [table.path for table in TABLES]


@pytest.mark.parametrize("at", range(len(TABLES)))
def test_every_column_is_described_with_its_type(at: int) -> None:
    hints = get_type_hints(TABLES[at].row)
    told = {field["name"]: field["type"] for field in formats()[at]["fields"]}
    assert tuple(told) == TABLES[at].columns
    for name, kind in told.items():
        hint = hints[name]
        plain = get_args(hint)[0] if isinstance(hint, UnionType) else hint
        assert TYPES[plain] == kind, name


def package() -> dict[str, Any]:
    """Return the data package of empty tables."""
    office = load_office((ROOT / "data/office/putuo.toml").read_text("utf-8"))
    header = {table.path: ",".join(table.columns) + "\n" for table in TABLES}
    members = {path: line.encode() for path, line in header.items()}
    made = described(members, Period.of(date(2025, 7, 1)), office)
    assert set(made) == {PACKAGE, DICTIONARY}
    lines = list(csv.reader(io.StringIO(made[DICTIONARY].decode())))
    assert all(len(line) == 5 and line[3] and line[4] for line in lines)
    told: dict[str, Any] = json.loads(made[PACKAGE])
    return told


def test_the_package_is_a_tabular_data_package() -> None:
    told = package()
    assert (told["profile"], told["name"]) == ("tabular-data-package", "edition-2025-h2")
    for resource in told["resources"]:
        assert re.fullmatch(r"[a-z0-9-]+", resource["name"])
        columns = {field["name"] for field in resource["schema"]["fields"]}
        assert set(resource["schema"]["primaryKey"]) <= columns
        assert resource["hash"].startswith("sha256:")
