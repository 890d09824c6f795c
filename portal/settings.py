"""Technical settings from the environment, and the machine's clock: never a rule of the field."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA_DIR = ROOT / "instance"


class SettingsError(Exception):
    """The environment lacks something or says it wrongly; the text says what to set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the portal keeps its things, and its secrets.

    ``secret_key`` signs sessions, ``person_key`` keys the hashes of persons; both may be missing
    only for commands that need neither. ``now`` moves the clock of a demonstration database and
    is ignored everywhere else. ``proxies`` is how many servers of one's own stand in front and tell
    the reader's address; 0 trusts nobody's word. ``api_per_minute`` is how often one address may
    ask the interface for programs; 0 sets no limit.
    """

    database_url: str = f"sqlite:///{DATA_DIR / 'portal.db'}"
    read_database_url: str | None = None
    cache_url: str | None = None
    secret_key: str | None = None
    person_key: str | None = None
    data_dir: Path = DATA_DIR
    now: datetime | None = None
    url_prefix: str = ""
    trusted_hosts: tuple[str, ...] = ()
    secure_cookies: bool = False
    proxies: int = 0
    api_per_minute: int = 1200

    @property
    def local_rules(self) -> Path:
        """Return the folder whose rules are laid over the shipped ones."""
        return self.data_dir / "rules"


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment names.

    Raises:
        SettingsError: ``PORTAL_NOW`` is no instant, or a number is none.

    """
    folder = Path(environ.get("PORTAL_DATA_DIR") or DATA_DIR)
    return Settings(
        database_url=environ.get("PORTAL_DATABASE_URL") or f"sqlite:///{folder / 'portal.db'}",
        read_database_url=environ.get("PORTAL_READ_DATABASE_URL") or None,
        cache_url=environ.get("PORTAL_CACHE_URL") or None,
        secret_key=environ.get("PORTAL_SECRET_KEY") or None,
        person_key=environ.get("PORTAL_PERSON_KEY") or None,
        url_prefix=environ.get("PORTAL_URL_PREFIX", "").rstrip("/"),
        data_dir=folder,
        proxies=_count("PORTAL_PROXIES", environ),
        api_per_minute=_count("PORTAL_API_PER_MINUTE", environ, 1200),
        now=_instant(environ.get("PORTAL_NOW")),
        trusted_hosts=tuple(environ.get("PORTAL_TRUSTED_HOSTS", "").split()),
        secure_cookies=environ.get("PORTAL_SECURE_COOKIES") == "1",
    )


def _count(name: str, environ: Mapping[str, str], otherwise: int = 0) -> int:
    text = environ.get(name) or str(otherwise)
    if not (text.isascii() and text.isdecimal()):
        msg = f"{name} is not a number: {text}"
        raise SettingsError(msg)
    return int(text)


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"PORTAL_NOW is not an ISO instant: {text}"
        raise SettingsError(msg) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def machine_clock() -> datetime:
    """Return the machine's present instant in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the one place that asks the clock
