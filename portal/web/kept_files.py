"""A kept file on its way to somebody who may see it: shown, never run, under a harmless name."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from portal.domain.errors import NotFound
from portal.store.attachments import Attachment
from portal.store.files import kept_file
from portal.store.papers import Paper
from portal.web.boundary import wiring

_MIME = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


def file_answer(row: Attachment | Paper) -> Response:
    """Return the file, to be looked at in the browser.

    Raises:
        NotFound: its content is lost.

    """
    content = kept_file(wiring().settings.data_dir, row.file)
    if content is None:
        raise NotFound("attachment.lost")
    answer = Response(content, content_type=_MIME[row.kind])
    answer.headers["Content-Disposition"] = disposition("inline", row.name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return answer


def disposition(how: str, name: str) -> str:
    """Return the header that names a file, in plain letters and in full."""
    plain = "".join(
        sign if (sign.isascii() and sign.isalnum()) or sign in "-." else "_" for sign in name
    )
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
