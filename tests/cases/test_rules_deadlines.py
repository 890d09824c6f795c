"""The worked deadlines of deadlines.toml come out as an official reckons them."""

from __future__ import annotations

import tomllib
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from portal.rules.rulebook import rules_on
from portal.rules.workdays import add_months

EXAMPLES = tomllib.loads(Path(__file__).with_name("deadlines.toml").read_text("utf-8"))


def told(case: dict[str, Any]) -> str:
    """Return the example's sentence, as its name in the report."""
    return str(case["told"])


@pytest.mark.parametrize("case", EXAMPLES["case"], ids=told)
def test_a_deadline_in_working_days(case: dict[str, Any]) -> None:
    rules = rules_on(case["start"])
    assert reduce(getattr, case["rule"].split("."), rules) == case["days"]
    calendar = rules.calendar
    last_day = calendar.add_working_days(case["start"], case["days"])
    assert last_day == case["last_day"]
    assert calendar.certain(last_day) == case.get("certain", True)


@pytest.mark.parametrize("period", EXAMPLES["period"], ids=told)
def test_a_publication_period(period: dict[str, Any]) -> None:
    longest = rules_on(period["decided_on"]).cases.period(period["severity"]).max_months
    assert add_months(period["decided_on"], longest) == period["ends_on"]
