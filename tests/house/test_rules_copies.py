"""A rule lives in one place: no module of the portal keeps a number that the rulebook fixes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from itertools import chain

from tree import modules, parsed, short

from portal.rules.rulebook import rules_on

NEWEST = date(2026, 12, 1)


@cache
def fixed_names() -> frozenset[str]:
    """Return the names of numbers that the rulebook fixes."""
    book = rules_on(NEWEST)
    sections = [getattr(book, field.name) for field in fields(book)]
    return frozenset(
        field.name
        for section in sections
        if is_dataclass(section)
        for field in fields(section)
        if isinstance(getattr(section, field.name), int | float)
    ) - {"seed"}


def copies(tree: ast.Module, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield the constants and parameter defaults of a module that repeat a rule's number."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from ((line, name) for line, name in defaults(node) if name in names)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and is_number(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found = [target.id.lower() for target in targets if isinstance(target, ast.Name)]
            yield from ((node.lineno, name) for name in found if name.strip("_") in names)


def defaults(node: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of each parameter whose default is a number."""
    placed = node.args.args[len(node.args.args) - len(node.args.defaults) :]
    pairs = list(zip(placed, node.args.defaults, strict=True))
    named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    for argument, value in chain(pairs, named):
        if is_number(value):
            yield argument.lineno, argument.arg


def is_number(node: ast.expr | None) -> bool:
    """Tell whether the expression is a written number."""
    return isinstance(node, ast.Constant) and type(node.value) in {int, float}


def test_no_module_keeps_a_copy_of_a_rule() -> None:
    names = fixed_names()
    assert {"min_published", "reply_days", "pass_line", "slip_days"} <= names
    found = [
        f"{short(path)}:{line} {name}"
        for path in modules("portal")
        for line, name in copies(parsed(path), names)
    ]
    assert not found, "\n".join(found)


def test_a_copy_of_a_rule_is_seen() -> None:
    code = "MIN_PUBLISHED = 10\n_reply_days: int = 5\ndef f(a, draws=4000, *, level=0.9): ...\n"
    found = {name for _, name in copies(ast.parse(code), fixed_names())}
    assert found == {"min_published", "_reply_days", "draws", "level"}
