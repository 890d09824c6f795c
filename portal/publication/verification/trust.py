"""Where a bundle to be verified comes from, and which keys are trusted for it."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from portal.domain.errors import RuleBroken
from portal.publication.editions.canonical import LARGEST
from portal.publication.verification.verifying import keys_in

_SECONDS = 30
_NUMBERED = re.compile(r"([1-9]\d{0,8})\.zip")
_BUNDLE = re.compile(r"/editions/\d+/bundle\.zip$")


@dataclass(frozen=True, slots=True)
class Trust:
    """The trusted public keys, and the key of the sentence that says where they come from."""

    keys: tuple[str, ...]
    sentence: str
    site: str = ""


def is_address(place: str) -> bool:
    """Tell whether ``place`` is an address of the web rather than a path."""
    return urlsplit(place).scheme in {"http", "https"}


def trusted(place: str, key: Path | None, data_dir: Path) -> Trust:
    """Return whom to trust: the key given, else those kept here, else the site's own.

    Raises:
        RuleBroken: a key cannot be read, or the site cannot be reached.

    """
    if key is not None:
        return Trust(keys_in(key), "verify.trust_given")
    kept = data_dir / "keys" / "public"
    if kept.is_file() or (kept.is_dir() and any(kept.glob("*.pem"))):
        return Trust(keys_in(kept), "verify.trust_kept")
    if not is_address(place):
        return Trust((), "verify.trust_none")
    keys = listing(_BUNDLE.sub("/editions", place)).get("keys", [])
    return Trust(tuple(str(one) for one in keys), "verify.trust_site", urlsplit(place).netloc)


def numbered_files(folder: Path) -> dict[int, Path]:
    """Return the bundles of a folder by the number that their names say."""
    found = {file: _NUMBERED.fullmatch(file.name) for file in folder.iterdir() if file.is_file()}
    return {int(named[1]): file for file, named in found.items() if named}


def listing(address: str) -> dict[str, Any]:
    """Return a site's list of editions, all pages of it.

    Raises:
        RuleBroken: it cannot be reached, or is no such list.

    """
    told = _page(address)
    items, on = list(told["items"]), told.get("next")
    while isinstance(on, str) and items:
        page = _page(urljoin(address, on))
        items += page["items"]
        on = page.get("next") if page["items"] else None
    return told | {"items": items}


def listed(address: str) -> Iterator[tuple[Mapping[str, Any], bytes]]:
    """Yield each entry of a site's list of editions with its bundle."""
    for one in listing(address)["items"]:
        number = one.get("number")
        if not isinstance(number, int):
            raise RuleBroken("verify.unreachable", place=address, reason="an entry has no number")
        yield one, fetched(f"{address.rstrip('/')}/{number}/bundle.zip")


def _page(address: str) -> dict[str, Any]:
    try:
        told = json.loads(fetched(address))
    except ValueError as cause:
        raise RuleBroken("verify.unreachable", place=address, reason=str(cause)) from cause
    listed = told.get("items") if isinstance(told, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise RuleBroken("verify.unreachable", place=address, reason="no list of editions")
    page: dict[str, Any] = told
    return page


def fetched(address: str) -> bytes:
    """Return what stands at an address of the web.

    Raises:
        RuleBroken: it cannot be reached, or is too large.

    """
    # Only web addresses come here: ``is_address`` is asked first, and redirects stay on the web.
    request = Request(address, headers={"Accept": "application/json, */*"})  # noqa: S310
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  # see above
            content: bytes = answer.read(LARGEST + 1)
    except HTTPError as cause:
        cause.close()
        raise RuleBroken("verify.unreachable", place=address, reason=str(cause)) from cause
    except (URLError, OSError, http.client.HTTPException, ValueError) as cause:
        raise RuleBroken("verify.unreachable", place=address, reason=str(cause)) from cause
    if len(content) > LARGEST:
        raise RuleBroken("verify.too_large")
    return content
