"""The style sheets and the templates know the same classes."""

from __future__ import annotations

import re
from functools import cache

from tree import ROOT, short

CLASS_ATTRIBUTE = re.compile(r'\bclass="([^"]*)"')
EXPRESSION = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MADE = "\0"
RULES = re.compile(r"\{[^{}]*\}")


@cache
def styled(sheet: str) -> frozenset[str]:
    """Return the classes that a style sheet names."""
    css = COMMENT.sub("", (ROOT / "static" / sheet).read_text(encoding="utf-8"))
    return frozenset(re.findall(r"\.([a-z][\w-]*)", RULES.sub(" ", css)))


def worn(template: str) -> set[str]:
    """Return the classes that a template writes out; what an expression makes is not seen."""
    found = CLASS_ATTRIBUTE.findall(EXPRESSION.sub(MADE, template))
    return {name for value in found for name in value.split() if MADE not in name}


def test_templates_wear_only_classes_that_exist() -> None:
    sheets = ("portal.css", "desk.css", "chart.css", "first-view.css")
    known = frozenset().union(*map(styled, sheets))
    strange = [
        f"{short(path)}: {name}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for name in sorted(worn(path.read_text(encoding="utf-8")) - known)
    ]
    assert not strange, "\n".join(strange)


def test_no_template_brings_style_or_script_of_its_own() -> None:
    own = [
        f"{short(path)}: {found}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for found in re.findall(r"<[^>]*\sstyle=|\son[a-z]+=\"", path.read_text(encoding="utf-8"))
    ]
    assert not own, "\n".join(own)
