"""The reports of an institution over time: each accepted version, and what differs between two."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response

from portal.domain.report_review import Change
from portal.publication.institutions.directory import Listed, institution_on
from portal.publication.institutions.report_history import (
    PublicVersion,
    public_changes,
    public_versions,
    read_version,
)
from portal.rules.form import Item
from portal.web.answers import in_words, row_in_words, shown_report
from portal.web.boundary import Act, look, wiring
from portal.web.language import language


def versions_of(here: Act, code: str) -> list[PublicVersion]:
    """Return the accepted versions of an institution's reports, the oldest first."""
    local = wiring().settings.local_rules
    return public_versions(here.session, code, here.day, here.office.zone, local)


def versions(code: str) -> str | Response:
    """Show every accepted version, the newest first; ``from`` and ``to`` lead to a comparison."""
    both = [request.args.get(name, "") for name in ("from", "to")]
    if all(one.isascii() and one.isdecimal() for one in both):
        old, new = sorted(int(one[:6]) for one in both)
        return redirect(url_for("public.difference", code=code, old=old, new=new), 302)
    with look() as here:
        one = _institution(here, code)
        known = versions_of(here, code)
        return render_template("public/versions.html", one=one, versions=known[::-1])


def version(code: str, number: int) -> str:
    """Show what one version says."""
    with look() as here:
        one = _institution(here, code)
        shown = _numbered(versions_of(here, code), number)
        return render_template(
            "public/version.html",
            one=one,
            shown=shown,
            sections=[
                section
                for section in shown_report(shown.form, read_version(shown))
                if any(answer.words or answer.rows for answer in section.answers)
            ],
        )


def difference(code: str, old: int, new: int) -> str:
    """Show what differs between two versions, changed answers only."""
    with look() as here:
        one = _institution(here, code)
        known = versions_of(here, code)
        before, after = _numbered(known, old), _numbered(known, new)
        found = public_changes(before, after)
        return render_template(
            "public/difference.html",
            one=one,
            before=before,
            after=after,
            changes=[_in_words(change) for change in found.changes],
            unchanged=found.unchanged,
        )


def _institution(here: Act, code: str) -> Listed:
    one = institution_on(here.session, code, here.day)
    if one is None:
        raise NoSuchPage
    return one


def _numbered(known: list[PublicVersion], number: int) -> PublicVersion:
    if not 1 <= number <= len(known):
        raise NoSuchPage
    return known[number - 1]


def _in_words(change: Change) -> dict[str, Any]:
    """Return a change as (column, was, now); a row of a table under its name."""
    is_row = change.item.kind == "table"
    was, now = (_cells(change.item, value) for value in (change.old, change.new))
    names = [name for name, _ in now or was]
    old, new = dict(was), dict(now)
    cells = [(name, old.get(name, ""), new.get(name, "")) for name in names]
    return {
        "label": change.item.label(language()),
        "kind": change.kind.value,
        "name": (now or was)[0][1] if is_row else "",
        "cells": [cell for cell in cells if change.kind != "changed" or cell[1] != cell[2]],
    }


def _cells(item: Item, value: Any) -> list[tuple[str, str]]:  # noqa: ANN401  # JSON
    if value is None:
        return []
    return (
        list(row_in_words(item, value)) if item.kind == "table" else [("", in_words(item, value))]
    )
