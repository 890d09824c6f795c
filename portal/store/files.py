"""Files that people sent, under neutral names in the data folder: no web server looks there.

The row that names a file is written after the file is safely on the disk; a crash between the two
leaves a file that nobody names, never a name without its file.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_NAME_BYTES = 16
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def keep_file(data_dir: Path, content: bytes) -> str:
    """Return the neutral name under which the content is kept from now on."""
    name = secrets.token_hex(_NAME_BYTES)
    place = _place(data_dir, name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = place.with_suffix(".part")
    with os.fdopen(os.open(unfinished, _NEW, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)
    return name


def kept_file(data_dir: Path, name: str) -> bytes | None:
    """Return the content kept under a name; None when the file is gone."""
    try:
        return _place(data_dir, name).read_bytes()
    except FileNotFoundError:
        return None


def drop_file(data_dir: Path, name: str) -> None:
    """Let the content go."""
    _place(data_dir, name).unlink(missing_ok=True)


def _place(data_dir: Path, name: str) -> Path:
    return data_dir / "uploads" / name[:2] / name
