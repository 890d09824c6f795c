"""The checks that rule sections share: each refuses in words."""

from __future__ import annotations

from portal.rules.error import RuleError


def require(holds: bool, problem: str) -> None:  # noqa: FBT001 (reads as a sentence)
    """Do nothing when ``holds``.

    Raises:
        RuleError: it does not; ``problem`` says what.

    """
    if not holds:
        raise RuleError(problem)


def require_shares(**values: float) -> None:
    """Require every value to lie in 0–1.

    Raises:
        RuleError: one does not.

    """
    for name, value in values.items():
        require(0 <= value <= 1, f"{name} must lie between 0 and 1, not {value}")


def require_at_least(least: int, **values: int | None) -> None:
    """Require every value that is given to be ``least`` or more.

    Raises:
        RuleError: one is smaller.

    """
    for name, value in values.items():
        require(value is None or value >= least, f"{name} must be {least} or more, not {value}")
