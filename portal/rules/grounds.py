"""Grounds on which a case may be opened, each with its law."""

from __future__ import annotations

from dataclasses import dataclass

from portal.rules.bounds import require
from portal.rules.figures import SEVERITIES

SUBJECTS = ("institution", "unit")
"""Against whom a case can be opened: a training institution or an employer."""

MEASURES = ("order", "fine", "suspension", "revocation")
"""What a decision can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One typed violation; its words are the glossary's ``ground.<key>``."""

    key: str
    applies_to: str
    legal_source: str
    """Source of the duty that was broken."""
    publishing_basis: str | None = None
    """Source that lets the decision be published; None = it cannot be published."""
    severity: str
    """The severity proposed to the person who decides."""
    evidence: tuple[str, ...]
    """What must be at hand; words are the glossary's ``evidence.<key>``."""
    penalty: str
    """The measure the law names first."""
    verified: bool
    """Whether the law's text was seen."""

    def __post_init__(self) -> None:
        """Refuse unknown subjects, severities and measures, and a ground without evidence."""
        require(self.applies_to in SUBJECTS, f"{self.key}: applies_to must be among {SUBJECTS}")
        require(self.severity in SEVERITIES, f"{self.key}: severity must be among {SEVERITIES}")
        require(self.penalty in MEASURES, f"{self.key}: penalty must be among {MEASURES}")
        require(len(self.evidence) > 0, f"{self.key}: evidence must be named")

    @property
    def publishable(self) -> bool:
        """Whether a decision on this ground may be published."""
        return self.publishing_basis is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """The grounds of one rule."""

    grounds: tuple[Ground, ...]
