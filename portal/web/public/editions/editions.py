"""The sealed editions for the public: their list, each one's contents, the keys, open data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, render_template, request
from sqlalchemy.orm import Session

from portal.casework.editions.edition_calendar import dues
from portal.metrics.inputs import Listed
from portal.publication.changes import chain_head
from portal.publication.editions.archive import (
    Sealed,
    bundle_of,
    contents_of,
    sealed_edition,
    sealed_editions,
)
from portal.publication.editions.composing import FIGURES
from portal.publication.editions.datapackage import formats
from portal.publication.editions.differences import CHANGES, Changed
from portal.publication.editions.letters import letters_in
from portal.publication.editions.rotation import keys_so_far
from portal.publication.editions.tables import INSTITUTIONS, TRADES, rows_of
from portal.publication.verification.verifying import pem_of
from portal.rules.words import label
from portal.settings import ROOT
from portal.store.editions import SigningKey
from portal.web.addresses import site_root
from portal.web.boundary import look, look_for_everybody, wiring
from portal.web.language import language
from portal.web.shape import percent


def index() -> str:
    """Show every edition ever sealed, the keys, and how anybody can check them."""
    with look() as here:
        editions = sealed_editions(here.session)
        return render_template(
            "public/editions.html",
            editions=editions,
            keys=_keys(keys_so_far(here.session), editions),
            head=chain_head(here.session),
            dues=dues(here.session, here.office, here.site, here.day),
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
            trades=rows_of(TRADES, contents.members) if edition.kind == FIGURES else (),
            changed=_changed(contents.members),
            names=_names(contents.members),
            check=contents.manifest["factual_check"],
            after=_after(here.session, edition),
            letters=letters_in(contents.members),
            shown=shown,
            address=site_root(),
        )


def data() -> str:
    """Show the open data: the newest edition, its files and columns, licence, how to cite."""
    with look() as here:
        editions = sealed_editions(here.session)
        standing = [one for one in editions if one.stands]
        latest = max(standing, key=lambda one: (one.period, one.number), default=None)
        files = contents_of(bundle_of(here.session, latest.number)).files if latest else []
        return render_template(
            "public/data.html",
            edition=latest,
            editions=editions,
            files={one["path"]: one for one in files},
            tables=formats(),
            address=site_root(),
            per_minute=wiring().settings.api_per_minute,
            next_on=here.office.calendar.next_edition_on(here.day),
        )


def keys() -> Response:
    """Return every public key that ever signed an edition, as PEM."""
    with look_for_everybody() as here:
        found = [one.public_key for one in reversed(keys_so_far(here.session))]
    return Response("".join(map(pem_of, found)), content_type="application/x-pem-file")


def verifier() -> Response:
    """Return the plain verifier: one file of Python that anybody can read before running it."""
    return _own_file(ROOT / "scripts" / "verify_bundle.py", "text/x-python")


def notebook() -> Response:
    """Return the notebook from which a data journalist could start."""
    return _own_file(ROOT / "docs" / "open-data.ipynb", "application/x-ipynb+json")


def shown(figure: str, value: str | None) -> str:
    """Return a figure of the table of changes for the eye."""
    if value is None:
        return "–"
    if figure == "band":
        return label(f"band.{value}", language())
    return percent(float(value)) if figure in {"rate", "satisfaction_rate"} else value


def _own_file(file: Path, kind: str) -> Response:
    response = Response(file.read_bytes(), content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _after(session: Session, edition: Sealed) -> Sealed | None:
    """Return the edition that corrected this one or took it back."""
    number = edition.withdrawn_by or edition.replaced_by
    return sealed_edition(session, number) if number else None


def _keys(known: list[SigningKey], editions: list[Sealed]) -> list[dict[str, Any]]:
    """Return each key with the editions that it signed and the key that vouches for it."""
    signed: dict[str, list[int]] = {one.public_key: [] for one in known}
    for edition in editions:
        signed.setdefault(edition.signing_key, []).append(edition.number)
    return [
        {
            "key": one.public_key,
            "from_at": one.from_at,
            "before": one.before,
            "endorsement": one.endorsement,
            "editions": sorted(signed[one.public_key]),
        }
        for one in reversed(known)
    ]


def _changed(members: dict[str, bytes]) -> list[Changed]:
    """Return what a correction changes for the eye: what readers see, as it is rounded there."""
    if CHANGES.path not in members:
        return []
    return [
        one
        for one in rows_of(CHANGES, members)
        if one.figure in _SHOWN and shown(one.figure, one.before) != shown(one.figure, one.after)
    ]


def _names(members: dict[str, bytes]) -> dict[str, Listed]:
    if INSTITUTIONS.path not in members:
        return {}
    return {one.institution: one for one in rows_of(INSTITUTIONS, members)}


_SHOWN = (
    "sat_first",
    "passed_first",
    "sat",
    "passed",
    "rate",
    "rank_low",
    "rank_high",
    "band",
    "satisfaction_rate",
)
