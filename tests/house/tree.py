"""The checkout as the tests of the house read it: its tracked files and its parsed modules."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that git knows and that is there."""
    listed = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
    )
    names = listed.stdout.decode().split("\0")
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    """Return the Python files below these folders; what Alembic wrote is not ours to shape."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(path for path in found if "versions" not in path.parts)


def short(path: Path) -> str:
    """Return the path as a reader of the checkout says it."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return the module's tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> list[Function]:
    """Return all functions and methods, the nested ones too."""
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def code_lines(path: Path, function: Function) -> int:
    """Return how many lines of code it has: no blank line, no comment, no docstring."""
    lines = path.read_text(encoding="utf-8").splitlines()
    spent = set(range(function.lineno, (function.end_lineno or function.lineno) + 1))
    for node in ast.walk(function):
        if isinstance(node, Function | ast.ClassDef) and ast.get_docstring(node, clean=False):
            first = node.body[0]
            spent -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    texts = (lines[number - 1].strip() for number in spent)
    return sum(bool(text) and not text.startswith("#") for text in texts)
