"""``portal verify`` as one call: a bundle, a folder of bundles, or a whole site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.domain.errors import RuleBroken
from portal.publication.editions.canonical import sha256
from portal.publication.verification.recomputing import (
    check_corrections,
    other_software,
    recomputed,
)
from portal.publication.verification.trust import (
    Trust,
    fetched,
    is_address,
    listed,
    numbered_files,
    trusted,
)
from portal.publication.verification.verifying import Opened, check_chain, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One edition that holds in every respect; ``software`` maps name to (theirs, here)."""

    number: int
    period: str
    manifest_sha256: str
    key: str
    by_operator: bool
    rows: int
    software: Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class Report:
    """What verification found: whom it trusted, what holds, and the first fault if any."""

    trust: Trust | None = None
    passed: list[Passed] = field(default_factory=list)
    fault: RuleBroken | None = None
    number: int | None = None
    """The edition at fault, where it is one edition's."""


def verified(place: str, key: Path | None, data_dir: Path) -> Report:
    """Return what verification of ``place`` (a path or an address) found."""
    report = Report()
    try:
        report.trust = trusted(place, key, data_dir)
        _verify(place, report)
    except RuleBroken as fault:
        report.fault = fault
    return report


def _verify(place: str, report: Report) -> None:
    if is_address(place):
        if place.endswith(".zip"):
            _hold(report, opened(fetched(place), _keys(report)))
        else:
            _verify_site(place, report)
    elif Path(place).is_dir():
        _verify_folder(Path(place), report)
    else:
        _hold(report, opened(_content(Path(place)), _keys(report)))


def _verify_folder(folder: Path, report: Report) -> None:
    files = numbered_files(folder)
    if not files:
        raise RuleBroken("verify.nothing", place=str(folder))
    editions = {}
    for number, file in sorted(files.items()):
        report.number = number
        editions[number] = opened(_content(file), _keys(report))
    _hold_chain(editions, report)


def _verify_site(address: str, report: Report) -> None:
    editions = {}
    for entry, bundle in listed(address):
        report.number = number = int(entry["number"])
        editions[number] = edition = opened(bundle, _keys(report))
        _check_listing(number, entry, edition, sha256(bundle))
    if not editions:
        raise RuleBroken("verify.nothing", place=address)
    _hold_chain(editions, report)


def _check_listing(number: int, entry: Mapping[str, Any], edition: Opened, digest: str) -> None:
    told = {
        "sha256": edition.manifest_sha256,
        "bundle_sha256": digest,
        "previous": edition.previous,
        "period": edition.manifest["period"],
    }
    for name, value in told.items():
        if entry.get(name) != value:
            raise RuleBroken("verify.listing", number=number, field=name)


def _hold_chain(editions: Mapping[int, Opened], report: Report) -> None:
    report.number = None
    check_chain(editions)
    for _, edition in sorted(editions.items()):
        _hold(report, edition)
    report.number = None
    check_corrections(editions)


def _hold(report: Report, edition: Opened) -> None:
    report.number = edition.number
    rows = recomputed(edition)
    report.passed.append(
        Passed(
            number=edition.number,
            period=str(edition.manifest["period"]),
            manifest_sha256=edition.manifest_sha256,
            key=edition.key,
            by_operator=edition.manifest.get("by_operator") is True,
            rows=rows,
            software=other_software(edition),
        )
    )


def _keys(report: Report) -> tuple[str, ...]:
    return report.trust.keys if report.trust else ()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as cause:
        raise RuleBroken("verify.unreachable", place=str(file), reason=str(cause)) from cause
