"""What a file sent as evidence is: judged by its content alone, never by its name.

A PDF, PNG or JPEG is kept as it came, without what hangs on behind its end. All else is refused,
each kind with its own sentence that says what to do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from portal.domain.errors import RuleBroken
from portal.domain.pdf import pages_of
from portal.domain.pictures import Picture, jpeg, png
from portal.rules.clocks import Attachments

BLURRED = 1200
"""Pixels of the longer side below which small print can hardly be read."""

_MEGABYTE = 2**20
# In two halves: a scanner must not take this very file for what it names.
_VIRUS_TEST = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_LOOKED_AT = 1024
_OFFICE = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/")
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "attachment.office"),
    (b"Rar!", "attachment.archive"),
    (b"7z\xbc\xaf", "attachment.archive"),
    (b"\x1f\x8b", "attachment.archive"),
    (b"MZ", "attachment.program"),
    (b"\x7fELF", "attachment.program"),
    (b"<svg", "attachment.drawing"),
)
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<table")
_PHONE_PHOTO = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file fit to be kept: pages of a PDF, or pixels of a picture."""

    kind: str
    """pdf, png or jpg."""
    content: bytes
    pages: int | None = None
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        """Return the fingerprint of what is kept, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def examined(content: bytes, limits: Attachments) -> Evidence:
    """Return what the file is, once it is known to be fit to be kept.

    Raises:
        RuleBroken: its key says why it is not.

    """
    if not content:
        raise RuleBroken("attachment.empty")
    if len(content) > limits.max_bytes:
        size = f"{len(content) / _MEGABYTE:.1f}"
        raise RuleBroken(
            "attachment.too_large", None, size=size, most=limits.max_bytes // _MEGABYTE
        )
    refuse_virus_test(content)
    if content.startswith(b"%PDF-"):
        return _pdf(content, limits)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture("png", png(content))
    if content.startswith(b"\xff\xd8\xff"):
        return _picture("jpg", jpeg(content))
    raise RuleBroken(_foreign(content))


def refuse_virus_test(content: bytes) -> None:
    """Let a file pass that is not the string by which virus scanners are tested.

    Raises:
        RuleBroken: it is.

    """
    if _VIRUS_TEST in content:
        raise RuleBroken("attachment.virus")


def is_blurred(width: int | None, height: int | None) -> bool:
    """Tell whether a picture is so small that small print in it can hardly be read."""
    return width is not None and height is not None and max(width, height) < BLURRED


def _pdf(content: bytes, limits: Attachments) -> Evidence:
    pages = pages_of(content)
    if pages > limits.max_pages:
        raise RuleBroken("attachment.too_many_pages", None, pages=pages, most=limits.max_pages)
    return Evidence(kind="pdf", content=content, pages=pages)


def _picture(kind: str, picture: Picture) -> Evidence:
    return Evidence(kind=kind, content=picture.content, width=picture.width, height=picture.height)


def _foreign(content: bytes) -> str:
    head = content[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"PK"):
        is_office = any(part in content for part in _OFFICE)
        return "attachment.office" if is_office else "attachment.archive"
    if any(brand in head[:32] for brand in _PHONE_PHOTO):
        return "attachment.phone_photo"
    small = head.lower()
    if b"<svg" in small:
        return "attachment.drawing"
    if small.startswith(_PAGE) or b"<html" in small:
        return "attachment.web_page"
    return next((key for mark, key in _FOREIGN if head.startswith(mark)), "attachment.other_kind")
