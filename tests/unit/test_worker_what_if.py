"""A reader's own weights: three thirds, by name within each, and never a place."""

from __future__ import annotations

from flask import Flask

from portal.publication.standings.all_round import COMPONENTS, AllRoundRow
from portal.web.public.rank.what_if import shares_of, weighed, weights_in


def row(code: str, **parts: float) -> AllRoundRow:
    """Return an institution with these standardised components, the others in the middle."""
    nothing = dict.fromkeys(AllRoundRow.__dataclass_fields__)
    told = {"position": 1, "institution_code": code, "name": f"示例{code}", "area_code": "1"}
    figures = {"penalty_points": 0.0, "band": "near", "withheld": {}}
    values = nothing | told | figures | {"parts": dict.fromkeys(COMPONENTS, 0.0) | parts}
    return AllRoundRow(**values)  # type: ignore[arg-type]  # every field, by name


ROWS = [
    row("甲", pass_rate=2.0, satisfaction=-2.0),
    row("乙", pass_rate=1.0, satisfaction=-1.0),
    row("丙", satisfaction=0.5),
    row("丁", pass_rate=-0.5),
    row("戊", pass_rate=-1.0, satisfaction=1.0),
    row("己", pass_rate=-2.0, satisfaction=2.0),
]


def thirds(**weights: int) -> dict[str, str]:
    """Return name → third under these weights."""
    app = Flask(__name__)
    app.add_url_rule("/i/<code>", "public.institution")
    with app.test_request_context():
        told = weighed(ROWS, dict.fromkeys(COMPONENTS, 0) | weights)
    return {one.name[-1]: one.third for one in told}


def test_only_what_is_weighed_decides() -> None:
    assert thirds(pass_rate=5) == {
        "乙": "first",
        "甲": "first",
        "丁": "middle",
        "丙": "middle",
        "己": "last",
        "戊": "last",
    }
    turned = thirds(satisfaction=1)
    assert [name for name, third in turned.items() if third == "first"] == ["己", "戊"]


def test_a_third_stands_by_name() -> None:
    assert list(thirds(pass_rate=3, satisfaction=1))[:2] == ["乙", "甲"]


def test_weights_are_steps_and_anything_else_is_none() -> None:
    asked = {"pass_rate": "5", "satisfaction": "6", "conditions": "-1", "integrity": "二"}
    assert weights_in(asked) == {
        "pass_rate": 5,
        "satisfaction": 0,
        "conditions": 0,
        "integrity": 0,
    }
    assert shares_of({"a": 3, "b": 1}) == {"a": 0.75, "b": 0.25}
