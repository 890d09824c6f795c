"""What every answer carries: security headers, the inlined style, language and size of text."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request, url_for
from flask_login import current_user
from markupsafe import Markup

from portal.rules.words import say
from portal.settings import ROOT
from portal.web.boundary import Surroundings, surroundings
from portal.web.language import CHINESE, ENGLISH, gettext, language, ngettext
from portal.web.menu import menu

_YEAR = 365 * 24 * 3600
_SIZES = {"l": True, "n": False}
_CONTRASTS = {"h": True, "n": False}


def install(app: Flask) -> None:
    """Wire headers, the words and the things that every template knows."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # by the extension
        gettext, ngettext, newstyle=True
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_known_to_templates)
    app.after_request(_keep_choices)
    app.after_request(secure)


def secure(response: Response) -> Response:
    """Put the security headers on an answer; a chart page may bring its own script rule."""
    scripts = g.get("script_sources", "")
    inlined = " ".join(f"'sha256-{_digest(sheet)}'" for sheet in (critical_css(), first_view_css()))
    styles = f"'self' {inlined}" + g.get("style_sources", "")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        f"img-src 'self' data:; style-src {styles}"
    )
    if scripts:
        policy += f"; script-src {scripts}; connect-src 'self'"
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    # Whom nobody asked for was not looked up either: an answer that is the same for everybody
    # reads no session, so that caches may share it.
    person = g.get("_login_user")
    if person is not None and person.is_authenticated:
        response.headers["Cache-Control"] = "no-store"
    return response


_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": f"max-age={_YEAR}",
}


@cache
def critical_css() -> str:
    """Return the public style sheet without comments and line ends, to stand in the page."""
    return _squeezed("portal.css")


@cache
def first_view_css() -> str:
    """Return the rule that shows the first view whole, to stand in the page.

    It stands in the picture of symbols, for the Nu HTML checkers of before 2022, which do not know
    ``:has()``, read every sheet of the page but that.
    """
    return _squeezed("first-view.css")


def _squeezed(name: str) -> str:
    text = (ROOT / "static" / name).read_text("utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", text).strip()


@cache
def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def switch_language_url() -> str:
    """Return the address of this page in the other language; it says so, so that it wins."""
    other = CHINESE if language() == ENGLISH else ENGLISH
    base = request.script_root.removesuffix("/en") + ("/en" if other == ENGLISH else "")
    return f"{base}{request.path}?{_query(lang=other)}"


def size_url() -> str:
    """Return the address of this page with the other size of text."""
    return f"{request.script_root}{request.path}?{_query(size='n' if large_text() else 'l')}"


def large_text() -> bool:
    """Tell whether the reader chose large text."""
    return request.args.get("size", request.cookies.get("size")) == "l"


def contrast_url() -> str:
    """Return the address of this page with the other contrast."""
    other = "n" if high_contrast() else "h"
    return f"{request.script_root}{request.path}?{_query(contrast=other)}"


def high_contrast() -> bool:
    """Tell whether the reader chose high contrast."""
    return request.args.get("contrast", request.cookies.get("contrast")) == "h"


def static_url(name: str) -> str:
    """Return the address of a static file, the same in both languages."""
    address = url_for("static", filename=name)
    root = request.script_root
    return root.removesuffix("/en") + address.removeprefix(root)


def _query(**changed: str) -> str:
    kept = [
        (k, v) for k, v in request.args.items(multi=True) if k not in {"lang", "size", "contrast"}
    ]
    return urlencode([*kept, *changed.items()])


def _keep_choices(response: Response) -> Response:
    choices = {"size": _SIZES, "contrast": _CONTRASTS, "lang": {CHINESE: True, ENGLISH: True}}
    for name, known in choices.items():
        value = request.args.get(name)
        if value in known:
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", httponly=True)
    return response


def _banner(here: Surroundings) -> str | None:
    """Return what every page of a world that is not simply real must say of itself."""
    if here.site.world == "real":
        return None
    return say(f"site.{here.site.world}", language(), day=here.day)


def _known_to_templates() -> dict[str, Any]:
    here = surroundings()
    return {
        "lang": language(),
        "office": here.office,
        "site": here.site,
        "day": here.day,
        "person": getattr(current_user, "actor", None),
        "menu": menu(),
        "banner": _banner(here),
        "large_text": large_text(),
        "high_contrast": high_contrast(),
        "contrast_url": contrast_url(),
        "switch_language_url": switch_language_url(),
        "size_url": size_url(),
        "static_url": static_url,
        # Between sentences: Chinese full stops bring their own space.
        "gap": " " if language() == ENGLISH else "",
        "critical_css": Markup(critical_css()),  # noqa: S704  # our own file
        "first_view_css": Markup(first_view_css()),  # noqa: S704  # our own file
    }
