"""The two languages: which one a request asks for, and the words of the interface.

Chinese stands at the root, English under ``/en``. The prefix is taken off before Flask sees the
path, and put into ``SCRIPT_NAME``: views know nothing of it, and ``url_for`` keeps the language.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, Translations
from flask import has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from portal.settings import ROOT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENGLISH = "en"
CHINESE = "zh"
_PREFIX = "/en"
_CATALOGUES = ROOT / "data" / "translations"


class Languages:
    """Take the site's prefix and the language off the path, in front of Flask."""

    def __init__(self, application: WSGIApplication, prefix: str = "") -> None:
        """Stand before ``application``; ``prefix`` is where the site hangs, "" at the root."""
        self.application = application
        self.prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if self.prefix:
            _take_off(environ, self.prefix)
        if _take_off(environ, _PREFIX) or _program_reads_english(environ):
            environ["portal.language"] = ENGLISH
        return self.application(environ, start)


def _program_reads_english(environ: WSGIEnvironment) -> bool:
    """Tell whether a program, whose addresses have no language, asks for English."""
    if not environ.get("PATH_INFO", "").startswith("/api/"):
        return False
    wished = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
    return wished.best_match((CHINESE, ENGLISH)) == ENGLISH


def _take_off(environ: WSGIEnvironment, prefix: str) -> bool:
    path = environ.get("PATH_INFO", "")
    if path != prefix and not path.startswith(prefix + "/"):
        return False
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = path[len(prefix) :] or "/"
    return True


def language() -> str:
    """Return the language of the request: "zh" or "en"."""
    if not has_request_context():
        return CHINESE
    return str(request.environ.get("portal.language", CHINESE))


def mark(text: str) -> str:
    """Return ``text``: it marks a Chinese word of the interface for the translators."""
    return text


def lazy(text: str) -> LazyProxy:
    """Return an interface word that is put into the reader's language when it is shown."""
    return LazyProxy(gettext, text, enable_cache=False)


def gettext(text: str) -> str:
    """Return the interface word ``text`` in the language of the request."""
    return text if language() == CHINESE else _english().gettext(text)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the right form for ``number`` in the language of the request."""
    if language() == CHINESE:
        return singular
    return _english().ngettext(singular, plural, number)


@cache
def _english() -> Translations:
    words = Translations()
    for file in sorted((_CATALOGUES / ENGLISH / "LC_MESSAGES").glob("*.po")):
        compiled = BytesIO()
        with file.open("rb") as source:
            write_mo(compiled, read_po(source, locale=ENGLISH))
        compiled.seek(0)
        words.merge(Translations(compiled))
    return words
