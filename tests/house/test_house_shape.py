"""The shape of the code: sizes, late imports, the one commit, and what may not be committed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tree import ROOT, code_lines, functions, modules, parsed, short, tracked

LONGEST_FUNCTION = 30
LONGEST_FILE = 300
TYPE_IGNORES = 5
LARGEST_FILE_BYTES = 1_000_000
LOADS_THE_NUMERIC_STACK = "portal/publication/compute.py"
# Written in two halves, so that this file passes its own test.
REGISTRY_HOSTS = tuple(
    f"{name}.{ending}"
    for name, ending in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb.debian", "org"),
    )
)


def test_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_functions_are_short() -> None:
    long = [
        f"{short(path)}:{function.lineno} {function.name} has {lines} lines of code"
        for path in modules("portal", "tests", "scripts")
        for function in functions(parsed(path))
        if (lines := code_lines(path, function)) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_files_are_short() -> None:
    long = [
        f"{short(path)} has {lines} lines"
        for path in modules("portal", "tests", "scripts")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
    ]
    assert not long, "\n".join(long)


def late_imports(path: Path) -> list[int]:
    """Return the lines where a function of the module imports something."""
    return [
        node.lineno
        for function in functions(parsed(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def test_the_measures_see_what_they_should(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(
        'def outer():\n    """Say\n    much."""\n\n    # why\n    import json\n    return json\n',
        encoding="utf-8",
    )
    (outer,) = functions(parsed(sample))
    assert code_lines(sample, outer) == 3
    assert late_imports(sample) == [6]


def test_only_the_numeric_stack_is_imported_late() -> None:
    late = [
        f"{short(path)}:{line}"
        for path in modules("portal")
        if short(path) != LOADS_THE_NUMERIC_STACK
        for line in late_imports(path)
    ]
    assert not late, "\n".join(late)


def test_one_file_says_commit() -> None:
    word = "commit("
    saying = [short(path) for path in modules("portal") if word in path.read_text(encoding="utf-8")]
    assert len(saying) <= 1, saying


def test_types_are_rarely_ignored() -> None:
    word = "type: ignore"
    ignoring = [
        f"{short(path)}:{number}"
        for path in modules("portal")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if word in line
    ]
    assert len(ignoring) <= TYPE_IGNORES, ignoring


def test_no_file_names_a_package_registry() -> None:
    naming = [
        f"{short(path)}: {host}"
        for path in tracked()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]
    assert not naming, "\n".join(naming)


def test_no_large_file_but_real_figures() -> None:
    large = [
        short(path)
        for path in tracked()
        if path.stat().st_size > LARGEST_FILE_BYTES and not short(path).startswith("data/real/")
    ]
    assert not large, large
