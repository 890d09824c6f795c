"""The lists for programs: the same facts as JSON and as CSV, and cursors that mean something."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

LISTS = (
    "rankings?trade=low-voltage-electrician",
    "rankings?trade=brazing",
    "rankings",
    "institutions",
    "trades",
)


def leaves(item: dict[str, Any], prefix: str = "") -> set[str]:
    """Return the names of an item's values, nested ones joined by ``_``."""
    found: set[str] = set()
    for name, value in item.items():
        nested = leaves(value, f"{prefix}{name}_") if isinstance(value, dict) else {prefix + name}
        found |= nested
    return found


@pytest.mark.parametrize("address", LISTS)
def test_csv_has_a_column_for_every_value_of_json(public_world: FlaskClient, address: str) -> None:
    items = public_world.get(f"/api/v1/{address}").get_json()["items"]
    answer = public_world.get(f"/api/v1/{address}", headers={"Accept": "text/csv"})
    rows = list(csv.reader(answer.text.splitlines()))
    assert len(rows) == len(items) + 1 > 1
    missing = set().union(*(leaves(item) for item in items)) - set(rows[0])
    assert not missing


def test_csv_says_true_and_false_as_json_does(public_world: FlaskClient) -> None:
    rows = csv.DictReader(public_world.get("/api/v1/trades.csv").text.splitlines())
    assert {row["order_publishable"] for row in rows} == {"true", "false"}


@pytest.mark.parametrize("cursor", ["zzz", "bnVsbA", "IngiCg", "W10", "e30", "%C3%A9"])
def test_a_cursor_of_another_list_is_refused(public_world: FlaskClient, cursor: str) -> None:
    address = f"/api/v1/rankings?trade=low-voltage-electrician&cursor={cursor}"
    assert public_world.get(address).status_code == 404


def test_pages_by_cursor_are_the_whole_list(public_world: FlaskClient) -> None:
    address: str | None = "/api/v1/institutions?per_page=4"
    codes: list[str] = []
    while address:
        told = public_world.get(address).get_json()
        codes += [item["institution"] for item in told["items"]]
        address = told["next"]
    whole = public_world.get("/api/v1/institutions").get_json()["items"]
    assert codes == [item["institution"] for item in whole]
    assert len(codes) > 4
