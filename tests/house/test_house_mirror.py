"""The tree of templates mirrors the tree of views: each page stands on the desk that shows it."""

from __future__ import annotations

import ast
import re
from functools import cache

from tree import ROOT, modules, parsed, short

TEMPLATE = re.compile(r"[a-z]+/[a-z_/-]+\.html")
DESKS = ("public", "institution", "regulator", "authority", "account")


@cache
def shown() -> dict[str, set[str]]:
    """Return template → the modules that name it."""
    places: dict[str, set[str]] = {}
    for path in modules("portal/web"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and TEMPLATE.fullmatch(str(node.value)):
                places.setdefault(str(node.value), set()).add(short(path))
    return places


def pages() -> list[str]:
    """Return the pages of all desks, as views name them."""
    found = (path for desk in DESKS for path in sorted((ROOT / "templates" / desk).glob("*.html")))
    return [path.relative_to(ROOT / "templates").as_posix() for path in found]


def test_every_page_has_a_view_on_its_own_desk() -> None:
    stray = [
        page
        for page in pages()
        if not any(
            view.startswith(f"portal/web/{page.split('/')[0]}/") for view in shown().get(page, ())
        )
    ]
    assert not stray, "\n".join(stray)


def test_every_named_template_exists() -> None:
    lost = [
        f"{view}: {template}"
        for template, views in shown().items()
        for view in views
        if not (ROOT / "templates" / template).is_file()
    ]
    assert not lost, "\n".join(lost)
