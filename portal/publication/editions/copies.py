"""Copies of sealed bundles as files: written after the transaction, mended where missing."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.publication.editions.canonical import sha256
from portal.store.editions import Edition


def mend_copies(session: Session, data_dir: Path) -> list[int]:
    """Write every sealed bundle that is missing or different in the data folder; return which.

    The database holds the editions; the folder can be lost and comes back at the next command.
    """
    folder = data_dir / "editions"
    mended = []
    asked = select(Edition.number, Edition.bundle_sha256).where(Edition.bundle.is_not(None))
    for number, digest in session.execute(asked.order_by(Edition.number)):
        file = folder / f"{number}.zip"
        if file.is_file() and sha256(file.read_bytes()) == digest:
            continue
        bundle = session.scalar(select(Edition.bundle).where(Edition.number == number))
        _write(file, bundle or b"")
        mended.append(number)
    return mended


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    passing = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with passing.open("xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    passing.replace(file)
