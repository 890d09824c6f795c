"""Editions at the command line: compose, publish, verify."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from portal.cli.ground import REFUSED, Ground, both, ground, looking, refuse, tell
from portal.domain.errors import PortalError, RuleBroken
from portal.domain.people import OPERATOR
from portal.domain.period import Period
from portal.publication.editions.approving import APPROVALS, keep_draft
from portal.publication.editions.composing import drafted, prepared
from portal.publication.editions.copies import mend_copies
from portal.publication.editions.sealing import Ground as SealGround
from portal.publication.editions.sealing import seal_approved, seal_as_operator
from portal.publication.editions.tables import PLACES, rows_of
from portal.publication.verification.checking import Passed, Report, verified
from portal.settings import settings_from
from portal.store.editions import Edition
from portal.store.site import Site, site_of


@click.command()
@click.argument("period")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compose(period: str, *, as_json: bool) -> None:
    """Compose a draft edition of PERIOD (2025, 2025-H1, 2025-Q3)."""
    try:
        facts = _compose(_period(period))
    except PortalError as error:
        refuse(both(error.key, **error.facts), as_json=as_json)
    words = {"number": facts["edition"], "period": facts["period"]}
    counts = {"trades": facts["trades"], "institutions": facts["institutions"]}
    tell(facts, both("edition.composed", **words, **counts), as_json=as_json)


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--by", help="User name of the first regulator.")
@click.option("--second", help="User name of the second regulator.")
@click.option("--operator", is_flag=True, help="Seal without two approvals; the edition says so.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def publish(
    number: int, by: str | None, second: str | None, *, operator: bool, as_json: bool
) -> None:
    """Seal edition NUMBER, which two regulators approved at the desk."""
    names = tuple(name for name in (by, second) if name)
    if not operator and len(names) < APPROVALS:
        raise click.UsageError(both("edition.persons_needed"))
    try:
        with ground() as here:
            facts = _facts(_seal(_ground(here), number, names, operator=operator))
    except PortalError as error:
        refuse(_words(error), as_json=as_json)
    _mend()
    key = {"number": number, "period": facts["period"], "sha256": facts["sha256"]}
    words = both("edition.sealed_now", **key)
    if operator:
        words += "\n" + both("edition.sealed_by_operator")
    tell(facts, words, as_json=as_json)


@click.command()
@click.argument("place", metavar="PATH_OR_URL")
@click.option("--key", type=click.Path(exists=True, path_type=Path), help="Trusted public key.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(place: str, key: Path | None, *, as_json: bool) -> None:
    """Verify a bundle.zip, a folder of <number>.zip, or a site's /api/v1/editions."""
    report = verified(place, key, settings_from().data_dir)
    if as_json:
        click.echo(json.dumps(_report(report), ensure_ascii=False))
    else:
        for line in _lines(report):
            click.echo(line)
    if report.fault is not None:
        click.echo(_fault(report, report.fault), err=True)
        sys.exit(REFUSED)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as cause:
        raise RuleBroken("edition.period_unreadable", period=text) from cause


def _compose(period: Period) -> dict[str, object]:
    with looking() as here:
        found = prepared(here.session, period, here.rules, here.office, _site(here))
    draft = drafted(found)  # takes seconds: nothing is locked meanwhile
    with ground() as here:
        number = keep_draft(here.session, OPERATOR, draft, here.at).number
    _mend()
    places = rows_of(PLACES, draft.members)
    return {
        "edition": number,
        "period": str(period),
        "trades": len({place.trade for place in places}),
        "institutions": len({place.institution for place in places}),
        "draft_sha256": draft.sha256,
    }


def _seal(here: SealGround, number: int, names: tuple[str, ...], *, operator: bool) -> Edition:
    if operator:
        return seal_as_operator(here, number, names)
    return seal_approved(here, number, (names[0], names[1]))


def _ground(here: Ground) -> SealGround:
    return SealGround(
        session=here.session,
        rules=here.rules,
        office=here.office,
        site=_site(here),
        at=here.at,
        day=here.day,
        data_dir=here.settings.data_dir,
    )


def _site(here: Ground) -> Site:
    site = site_of(here.session)
    if site is None:
        raise PortalError("operator.not_set_up")
    return site


def _facts(edition: Edition) -> dict[str, object]:
    return {
        "edition": edition.number,
        "period": edition.period,
        "sha256": edition.manifest_sha256,
        "bundle_sha256": edition.bundle_sha256,
        "previous": edition.previous_sha256,
        "by_operator": edition.by_operator,
        "sealed_by": edition.sealed_by,
    }


def _mend() -> None:
    with looking() as here:
        mend_copies(here.session, here.settings.data_dir)


def _words(error: PortalError) -> str:
    """Return all that stands in the way, one below the other."""
    blocks = error.facts.get("blocks")
    if not isinstance(blocks, tuple):
        return both(error.key, **error.facts)
    return "\n".join(both(block.key, **block.facts) for block in blocks)


def _report(report: Report) -> dict[str, object]:
    told: dict[str, object] = {
        "ok": report.fault is None,
        "trust": report.trust and report.trust.sentence.removeprefix("verify.trust_"),
        "editions": [_passed(one) for one in report.passed],
    }
    if report.fault is not None:
        told["error"] = _fault(report, report.fault)
        where = {"key": report.fault.key, "edition": report.number}
        told["difference"] = where | report.fault.facts
    return told


def _passed(one: Passed) -> dict[str, object]:
    return {
        "edition": one.number,
        "period": one.period,
        "sha256": one.manifest_sha256,
        "key": one.key,
        "by_operator": one.by_operator,
        "rows": one.rows,
    }


def _lines(report: Report) -> list[str]:
    lines = [both(report.trust.sentence, site=report.trust.site)] if report.trust else []
    for one in report.passed:
        lines.append(both("verify.holds", number=one.number, period=one.period, rows=one.rows))
        if one.by_operator:
            lines.append(both("verify.by_operator", number=one.number))
        lines += [
            both("verify.other_software", number=one.number, name=name, theirs=theirs, here=here)
            for name, (theirs, here) in one.software.items()
        ]
    return lines


def _fault(report: Report, fault: RuleBroken) -> str:
    words = both(fault.key, **fault.facts)
    if report.number is None:
        return words
    return f"{both('verify.refused', number=report.number)}\n{words}"
