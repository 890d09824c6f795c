"""Answers with identity numbers, made fit to be kept: sealed, or their middle hidden."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain import identity
from portal.domain.reports import Row, TypedSection
from portal.rules.form import FormSection, Item


def sealed(
    section: FormSection, typed: TypedSection, known: TypedSection, seal: identity.Seal
) -> TypedSection:
    """Return the answers with every identity number sealed, or its middle hidden where it is wrong.

    A row that shows a hidden number again is known by its name among ``known``, and keeps its seal.
    """
    kept = dict(typed)
    for item in section.items:
        rows = kept.get(item.key)
        if isinstance(rows, list):
            known_rows = known.get(item.key)
            known_rows = known_rows if isinstance(known_rows, list) else []
            kept[item.key] = sealed_rows(item, rows, known_rows, seal)
    return kept


def sealed_rows(item: Item, rows: list[Row], known: list[Row], seal: identity.Seal) -> list[Row]:
    """Return the rows of a table with their identity numbers sealed: see :func:`sealed`."""
    name = item.columns[0].key
    for column in item.columns:
        if column.kind == "identity":
            seals = {
                (row.get(name, ""), identity.shown(number)): number
                for row in known
                if identity.is_sealed(number := row.get(column.key, ""))
            }
            rows = [
                {
                    **row,
                    column.key: _sealed(row.get(column.key, ""), row.get(name, ""), seals, seal),
                }
                for row in rows
            ]
    return rows


def _sealed(text: str, name: str, seals: Mapping[tuple[str, str], str], seal: identity.Seal) -> str:
    if identity.is_sealed(text):
        return text
    number = identity.plain(text)
    if not number:
        return ""
    if (name, number) in seals:
        return seals[name, number]
    return identity.hidden(number) if identity.fault_of(number) else identity.seal(number, seal)
