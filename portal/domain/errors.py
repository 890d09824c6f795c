"""What can go wrong with an act, as a small tree.

::

    PortalError             key and facts, no text, no status
    ├── NotAllowed          this role, or this person, may not do it
    ├── NotFound            there is no such thing, or none that this person may know of
    │   └── NotYours        there is one, but it is another's: answered alike, and recorded
    ├── Conflict            somebody else was first, or it was done already
    ├── RuleBroken          what was asked breaks a rule; ``faults`` names each field
    ├── TooLate             the time for it is over
    └── TooOften            it was tried too often; ``wait_seconds`` says how long to wait

Each carries the key of a sentence in ``data/messages`` and the facts that fill it. A bad row of a
file is no exception but a value: see :mod:`portal.intake`.
"""

from __future__ import annotations


class PortalError(Exception):
    """An act was refused: ``key`` names the sentence, ``facts`` fill it."""

    def __init__(self, key: str, /, **facts: object) -> None:
        """Keep the sentence's key and its facts."""
        super().__init__(key)
        self.key = key
        self.facts = facts


class NotAllowed(PortalError):
    """The role, or this person, may not do it."""


class NotFound(PortalError):
    """There is no such thing, or none that this person may know of."""


class NotYours(NotFound):
    """There is such a thing, but it is another's; ``subject`` names it for the trail."""

    def __init__(self, key: str, /, subject: str) -> None:
        """Keep the sentence, and what was asked for as the trail names it."""
        super().__init__(key)
        self.subject = subject


class Conflict(PortalError):
    """The thing has changed since it was shown, or the act was done already."""


class RuleBroken(PortalError):
    """The act breaks a rule; ``faults`` maps each field to the key of its sentence."""

    def __init__(self, key: str, /, faults: dict[str, str] | None = None, **facts: object) -> None:
        """Keep the sentence, its facts and the faults by field."""
        super().__init__(key, **facts)
        self.faults = faults or {}


class TooLate(PortalError):
    """The time for this act is over."""


class TooOften(PortalError):
    """It was tried too often: nothing is tried again for ``wait_seconds``."""

    def __init__(self, key: str, wait_seconds: int, **facts: object) -> None:
        """Keep the sentence, its facts, and the seconds to wait."""
        super().__init__(key, **facts)
        self.wait_seconds = wait_seconds
