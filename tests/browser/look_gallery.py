"""Renders the gallery: every macro of templates/parts on invented figures, no application."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from babel.dates import format_date
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader
from look_examples import AVERAGE, periods, rows, zones
from look_form import example_form
from markupsafe import Markup, escape

from portal.rules.words import label
from portal.web.shape import unbroken

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "gallery"
OFFICE = SimpleNamespace(
    title_zh="安全培训公示平台",
    title_en="Safety Training Register",
    subtitle_zh="示例区应急管理局主办",
    subtitle_en="Run by the Example District Emergency Management Bureau",
    name_zh="示例区应急管理局",
    name_en="Example District Emergency Management Bureau",
    licence_zh="可以自由使用，请注明来源和期次",
    licence_en="Free to use; please name the source and the edition",
    phones=[SimpleNamespace(label_zh="咨询电话", label_en="Enquiries", number="000-0000 0000")],
    identifiers=[SimpleNamespace(label_zh="网站标识码", label_en="Site code", value="0000000000")],
)


@dataclass(frozen=True)
class Look:
    """How a page is asked for."""

    lang: str = "zh"
    large: bool = False

    def two(self, zh: str, en: str) -> str:
        """Return the one of two texts that is asked for."""
        return en if self.lang == "en" else zh


@cache
def catalogue() -> dict[str, tuple[str, ...]]:
    """Return msgid → its English forms, from all rooms' catalogues."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((ROOT / "data/translations/en/LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                key = message.id if isinstance(message.id, str) else message.id[0]
                texts = message.string
                found[key] = (texts,) if isinstance(texts, str) else tuple(texts or ())
    return found


def critical_css() -> Markup:
    """Return portal.css as a page carries it: no comments, no line ends."""
    css = (ROOT / "static/portal.css").read_text(encoding="utf-8")
    return Markup(re.sub(r"/\*.*?\*/|\n", "", css, flags=re.DOTALL))  # noqa: S704  # our own file


def filters(look: Look) -> dict[str, Any]:
    """Return stand-ins for the filters of portal.web.shape."""
    en = look.lang == "en"

    def named(thing: Any, field: str = "name") -> Any:  # noqa: ANN401  # anything with two languages
        return getattr(thing, f"{field}_{look.lang}")

    def day(on: date) -> str:
        return format_date(on, "d MMMM y" if en else "y年M月d日", locale="en")

    def lang_of(text: object) -> Markup:
        is_foreign = en and re.search("[\u3400-\u9fff]", str(text))
        return Markup(' lang="zh-CN"') if is_foreign else Markup()

    return {
        "lang_of": lang_of,
        "unbroken": unbroken,
        "named": named,
        "percent": lambda share: f"{share * 100:.1f}%",
        "percent_number": lambda share: f"{share * 100:.1f}",
        "number": lambda n: f"{n:,}",
        "money": lambda cents: f"CNY {cents // 100:,}" if en else f"{cents // 100:,} 元",
        "isodate": lambda on: on.isoformat(),
        "date": day,
        "phrases": lambda parts, gap="": escape(gap or (" " if en else "")).join(
            Markup('<span class="phrase">{}</span>').format(part) for part in parts if part
        ),
        "label": lambda key: label(key, look.lang),
    }


def context(look: Look, path: str) -> dict[str, Any]:
    """Return what every page is given, and the figures of the gallery."""
    return {
        "lang": look.lang,
        "large_text": look.large,
        "office": OFFICE,
        "banner": look.two(
            "演示：地区、机构和数据均为虚构。", "Demonstration: all of this is invented."
        ),
        "person": None,
        "menu": [],
        "switch_language_url": look.two("/en/", "/"),
        "size_url": "?size=l",
        "critical_css": critical_css(),
        "static_url": lambda name: f"/static/{name}",
        "csrf_token": lambda: "token",
        "request": SimpleNamespace(script_root=look.two("", "/en"), path=path),
        "two": look.two,
        "rows": rows(look.lang),
        "periods": periods(look.lang),
        "zones": zones(),
        "average": AVERAGE,
        "date": date,
        "example_form": example_form,
    }


def environment(look: Look) -> Environment:
    """Return Jinja as the application sets it up."""
    env = Environment(
        loader=FileSystemLoader([PAGES, ROOT / "templates"]),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def gettext(text: str) -> str:
        return catalogue()[text][0] if look.lang == "en" else text

    def ngettext(text: str, _plural: str, n: int) -> str:
        return catalogue()[text][int(n != 1)] if look.lang == "en" else text

    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    env.filters |= filters(look)
    env.globals["ticket"] = str  # nothing is held here
    return env


def render(name: str, look: Look, **more: Any) -> str:  # noqa: ANN401  # whatever the page takes
    """Return the page as HTML; a word without English raises KeyError."""
    return environment(look).get_template(name).render(context(look, f"/{name}") | more)


def names() -> list[str]:
    """Return the pages of the gallery."""
    return sorted(path.name for path in PAGES.glob("*.html"))
