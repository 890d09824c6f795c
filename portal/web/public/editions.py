"""The sealed editions for the public: their list, each one's contents, the keys, open data."""

from __future__ import annotations

from itertools import groupby

from flask import Response, render_template

from portal.publication.archive import (
    Sealed,
    bundle_of,
    contents_of,
    sealed_edition,
    sealed_editions,
)
from portal.publication.datapackage import formats
from portal.publication.tables import TRADES, rows_of
from portal.publication.verifying import pem_of
from portal.web.addresses import site_root
from portal.web.boundary import look


def index() -> str:
    """Show every edition ever sealed, the keys, and how anybody can check them."""
    with look() as here:
        editions = sealed_editions(here.session)
        return render_template(
            "public/editions.html",
            editions=editions,
            keys=_keys(editions),
            address=site_root(),
            next_on=here.office.calendar.next_edition_on(here.day),
        )


def show(number: int) -> str:
    """Show one edition: what it is, who sealed it, every file with its hash."""
    with look() as here:
        edition = sealed_edition(here.session, number)
        contents = contents_of(bundle_of(here.session, number))
        return render_template(
            "public/edition.html",
            edition=edition,
            manifest=contents.manifest,
            files=contents.files,
            words={one["path"]: one for one in formats()},
            trades=rows_of(TRADES, contents.members),
            address=site_root(),
        )


def data() -> str:
    """Show the open data: the newest edition, its files and columns, licence, how to cite."""
    with look() as here:
        editions = sealed_editions(here.session)
        latest = max(editions, key=lambda one: (one.period, one.number), default=None)
        files = contents_of(bundle_of(here.session, latest.number)).files if latest else []
        return render_template(
            "public/data.html",
            edition=latest,
            editions=editions,
            files={one["path"]: one for one in files},
            tables=formats(),
            address=site_root(),
            next_on=here.office.calendar.next_edition_on(here.day),
        )


def keys() -> Response:
    """Return every public key that ever signed an edition, as PEM."""
    with look() as here:
        found = _keys(sealed_editions(here.session))
    text = "".join(f"{pem_of(key)}" for key, _, _ in found)
    return Response(text, content_type="application/x-pem-file")


def _keys(editions: list[Sealed]) -> list[tuple[str, int, int]]:
    """Return each signing key with the first and the last edition that it signed, newest first."""
    found = []
    for key, signed in groupby(editions, key=lambda one: one.signing_key):
        numbers = [one.number for one in signed]
        found.append((key, min(numbers), max(numbers)))
    return found
