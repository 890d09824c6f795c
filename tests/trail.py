"""What tests put into the audit trail must have its word: acts, things and facts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from portal.rules.words import has_label
from portal.store.audit import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def told_in_words() -> Iterator[None]:
    """Watch every event that is written meanwhile.

    Raises: AssertionError for a name that the glossary does not know.
    """
    wordless: set[str] = set()

    def look(_event: AuditEvent, _args: object, given: Mapping[str, Any]) -> None:
        wordless.update(name for name in _names(given) if not has_label(name))

    event.listen(AuditEvent, "init", look)
    try:
        yield
    finally:
        event.remove(AuditEvent, "init", look)
    assert not wordless, f"the trail has no word for {', '.join(sorted(wordless))}"


def _names(given: Mapping[str, Any]) -> Iterator[str]:
    yield f"act.{given['act']}"
    yield f"thing.{given['subject'].partition(':')[0]}"
    for name, value in given["facts"].items():
        yield f"fact.{name}"
        if isinstance(value, dict) and name != "evidence":
            yield from (f"fact.{inner}" for inner in value)
