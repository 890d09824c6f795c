"""What the audit trail keeps, in words: things and facts, never the codes they are stored as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.rules.words import has_label
from portal.web.boundary import Act
from portal.web.language import gettext, language
from portal.web.receipts import KINDS
from portal.web.shape import label, money, named, number, period

_FAMILIES = {
    "ground": "ground",
    "how": "service",
    "role": "role",
    "before": "role",
    "after": "role",
    "reason": "end_reason",
    "state": "institution",
    "void_reason": "slip_void",
    "decision": "answer",
    "source": "case_source",
    "penalty": "penalty",
    "treatment": "treatment",
    "step": "trace_step",
    "outcome": "trace_outcome",
}
"""Which family of the glossary a fact's value is a word of."""
_SHORT = 12
"""So many characters of a fingerprint tell it from another by eye."""


def told_by(name: str) -> str:
    """Return who did it: a person's name, or what the operator of the server is called."""
    return gettext("运维人员") if name == "operator" else name


def thing_words(subject: str) -> str:
    """Return what a subject such as ``case:A2026-0001`` is called."""
    kind, _, key = subject.partition(":")
    return f"{_named('thing', kind)} {key}"


def fact_words(a: Act, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the facts of an event as (name, value) in words; what is empty is left out."""
    return [
        (_named("fact", name), _value(a, name, value))
        for name, value in sorted(facts.items())
        if value not in (None, "", [])
    ]


def _inside(a: Act, name: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the facts that a fact is made of, in words."""
    if name == "evidence":
        return [(_named("evidence", kind), str(words)) for kind, words in sorted(facts.items())]
    return fact_words(a, facts)


def _named(family: str, key: str) -> str:
    return label(f"{family}.{key}") if has_label(f"{family}.{key}") else key


def _value(a: Act, name: str, value: Any) -> str:  # noqa: ANN401  # a fact is any JSON
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return gettext("、").join(_value(a, name, one) for one in value)
    if isinstance(value, Mapping):
        return gettext("，").join(f"{inner} {words}" for inner, words in _inside(a, name, value))
    if name in _FAMILIES:
        return _named(_FAMILIES[name], str(value))
    if name in _SHAPES:
        return _SHAPES[name](a, value)
    return number(value) if isinstance(value, int) else str(value if value is not None else "–")


def _trade(a: Act, slug: str) -> str:
    trade = a.office.trade(slug)
    return named(trade) if trade else slug


def _area(a: Act, code: str) -> str:
    area = a.office.area(code)
    return named(area) if area else code


def _section(a: Act, key: str) -> str:
    section = a.rules.report.form.section(key)
    return section.label(language()) if section else key


def _digest(_a: Act, digest: str) -> str:
    return digest[:_SHORT]


_SHAPES: dict[str, Callable[[Act, Any], str]] = {
    "trade": _trade,
    "trades": _trade,
    "area": _area,
    "area_code": _area,
    "section": _section,
    "cents": lambda _a, cents: money(cents),
    "period": lambda _a, written: period(written),
    "kind": lambda _a, kind: gettext(KINDS[kind]) if kind in KINDS else str(kind),
    "sha256": _digest,
    "draft_sha256": _digest,
    "manifest_sha256": _digest,
}
