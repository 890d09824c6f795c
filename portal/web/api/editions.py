"""Sealed editions for programs: their list, each one's head, the bundle itself."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from portal.publication.editions.archive import (
    Sealed,
    bundle_of,
    contents_of,
    sealed_edition,
    sealed_editions,
)
from portal.publication.editions.rotation import keys_so_far, told_keys
from portal.web.api.answering import Listing, listed, listing_asked, one
from portal.web.api.asking import asked
from portal.web.boundary import look_for_everybody

COLUMNS = (
    "number",
    "period",
    "published_at",
    "sha256",
    "bundle_sha256",
    "bundle_bytes",
    "previous",
    "kind",
    "replaces",
    "replaced_by",
    "withdraws",
    "withdrawn_by",
    "why_zh",
    "why_en",
    "by_operator",
    "sealed_by",
    "signing_key",
    "signature",
)
_FOR_EVER = "public, max-age=31536000, immutable"


def edition_list() -> Response:
    """Return all sealed editions, oldest first, and the public keys that signed them."""
    _, page = listing_asked()
    with look_for_everybody() as here:
        editions = list(reversed(sealed_editions(here.session)))
        known = told_keys(keys_so_far(here.session))
    keys = [one["key"] for one in known]
    items = [_entry(edition) for edition in editions]
    return listed(
        Listing(
            items=items,
            place=lambda entry: entry["number"],
            columns=COLUMNS,
            head={"keys": keys, "key_history": known},
        ),
        page,
    )


def edition(number: int) -> Response:
    """Return one sealed edition with its signature, its rules and its method."""
    asked()
    with look_for_everybody() as here:
        entry = _entry(sealed_edition(here.session, number))
        contents = contents_of(bundle_of(here.session, number))
    manifest = contents.manifest
    return one(
        {
            **entry,
            "composed_at": manifest["composed_at"],
            "world": manifest["world"],
            "office": manifest["office"],
            "rulebook": {"sha256": manifest["rulebook_sha256"], "path": "rulebook.json"},
            "method": {
                "version": manifest["method"],
                "level": manifest["level"],
                "draws": manifest["draws"],
                "seed": manifest["seed"],
                "software": manifest["software"],
            },
            "chain": manifest["chain"],
            "keys": manifest["keys"],
            "factual_check": manifest["factual_check"],
            "crowds": manifest.get("crowds"),
            "members": contents.files,
            "bundle": f"{request.script_root}{request.path}/bundle.zip",
        }
    )


def bundle(number: int) -> Response:
    """Return the zip file of a sealed edition; it never changes."""
    asked()
    with look_for_everybody() as here:
        sealed = sealed_edition(here.session, number)
        content = bundle_of(here.session, number)
    response = Response(content, content_type="application/zip")
    response.set_etag(sealed.bundle_sha256)
    response.headers["Cache-Control"] = _FOR_EVER
    name = f"edition-{number}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.make_conditional(request)
    return response


def _entry(edition: Sealed) -> dict[str, Any]:
    return {
        "number": edition.number,
        "period": edition.period,
        "published_at": edition.sealed_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "sha256": edition.manifest_sha256,
        "bundle_sha256": edition.bundle_sha256,
        "bundle_bytes": edition.bundle_bytes,
        "previous": edition.previous_sha256,
        "kind": edition.kind,
        "replaces": edition.replaces,
        "replaced_by": edition.replaced_by,
        "withdraws": edition.withdraws,
        "withdrawn_by": edition.withdrawn_by,
        "why_zh": edition.why_zh,
        "why_en": edition.why_en,
        "by_operator": edition.by_operator,
        "sealed_by": list(edition.sealed_by),
        "signing_key": edition.signing_key,
        "signature": edition.signature,
    }
