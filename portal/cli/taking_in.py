"""Taking in files: the register, exam results, tallies and surveys."""

from __future__ import annotations

import csv
import gc
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy import Engine

from portal.cli.effect import facts_of, say_effect
from portal.cli.ground import (
    REFUSED,
    Ground,
    both,
    engine_of,
    ground,
    ground_on,
    refuse,
    tell,
)
from portal.cli.progress import progress
from portal.domain.errors import PortalError
from portal.domain.formulas import harmless
from portal.domain.people import OPERATOR
from portal.intake.files.formats import Kind
from portal.intake.files.refusals import Refused
from portal.intake.files.source import Source
from portal.intake.handing_in import Counter, Handed, Outcome, Wish
from portal.intake.remembering import learn_columns, learn_names
from portal.intake.taking_back import undo
from portal.intake.taking_in import check_file, take_in, taken_before
from portal.publication.effect import Effect, effect_if_taken_in
from portal.rules.words import say
from portal.settings import Settings, settings_from
from portal.store.session import reading, transaction

_SHOWN = 20
_REFUSALS_HEADER = ("sheet", "row", "column", "raw", "rule", "zh", "en")


@click.command("take-in")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; change nothing.")
@click.option("--partial", is_flag=True, help="Take the good rows where others are refused.")
@click.option("--refusals", type=click.Path(dir_okay=False, path_type=Path), help="List them here.")
@click.option("--corrects", metavar="RECEIPT", help="The file issues that receipt's file anew.")
@click.option("--reason", default="", help="Why it is corrected.")
@click.option("--column", multiple=True, metavar="WORD=KEY", help="What a heading means, for good.")
@click.option("--name", multiple=True, metavar="NAME=CODE", help="Whose name it is, for good.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def take_in_command(
    kind: str,
    file: Path,
    *,
    refusals: Path | None,
    as_json: bool,
    **wished: Any,  # noqa: ANN401  # the other options, as click hands them over
) -> None:
    """Take in a FILE: CSV, TSV, XLSX or XLS, judged by its content."""
    source, wish = Source.at(file), _wish(wished)
    try:
        if not wish.trial:
            _learn(Kind(kind), _pairs(wished["column"]), _pairs(wished["name"]))
        with _uncollected():
            outcome, effect = _run(Kind(kind), source, wish)
    except PortalError as error:
        _refuse_whole(error, source, as_json=as_json)
    if refusals is not None:
        _write_refusals(refusals, outcome.refusals)
    if as_json:
        click.echo(json.dumps(_facts(outcome, wish) | facts_of(effect), ensure_ascii=False))
    else:
        _say(outcome, wish)
        say_effect(effect)
    if (
        outcome.refused
        and not outcome.already
        and not (outcome.done or (wish.partial and outcome.accepted))
    ):
        sys.exit(REFUSED)


def _pairs(told: Sequence[str]) -> dict[str, str]:
    """Return what was told as WORD=MEANING.

    Raises:
        BadParameter: the sign between is missing.

    """
    if unclear := [one for one in told if "=" not in one]:
        raise click.BadParameter(unclear[0])
    return {word: meaning for word, _, meaning in (one.rpartition("=") for one in told)}


def _learn(kind: Kind, columns: dict[str, str], names: dict[str, str]) -> None:
    """Remember what the caller says of a file's own words."""
    if columns or names:
        with ground() as here:
            learn_columns(here.session, OPERATOR, kind, columns, here.at)
            learn_names(here.session, OPERATOR, names, here.at)


def _wish(wished: dict[str, Any]) -> Wish:
    return Wish(
        trial=wished["dry_run"],
        partial=wished["partial"],
        corrects=wished["corrects"],
        reason=wished["reason"],
    )


@click.command("take-back")
@click.argument("receipt")
@click.option("--reason", required=True, help="Why it is taken back.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def take_back_command(receipt: str, reason: str, *, as_json: bool) -> None:
    """Take back what the file of RECEIPT brought; what stood before stands again."""
    try:
        with ground() as here:
            undone = undo(here.session, OPERATOR, receipt, reason, here.at)
            facts = {"receipt": receipt, "undone": True, "accepted": undone.accepted}
    except PortalError as error:
        refuse(both(error.key, **error.facts), as_json=as_json)
    tell(facts, both("intake.taken_back", receipt=receipt), as_json=as_json)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no circles of objects: among a million rows, which have none, that takes a fifth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _run(kind: Kind, source: Source, wish: Wish) -> tuple[Outcome, Effect | None]:
    """Return what became of a file, and of a trial also what it would do to the ranking."""
    settings = settings_from()
    engine = engine_of(settings)
    try:
        handed = _checked(engine, settings, kind, source)
        if isinstance(handed, Outcome):
            return handed, None
        with transaction(engine) as session:
            here = ground_on(session, settings)
            with progress(source.shown_name, "writing") as reached:
                outcome = take_in(session, OPERATOR, _counter(here), handed, wish, reached)
        if not wish.trial or outcome.already:
            return outcome, None
        for_good = replace(wish, trial=False, partial=True, reason=wish.reason or "-")
        return outcome, effect_if_taken_in(
            engine, OPERATOR, _counter(here), handed, for_good, here.rules
        )
    finally:
        engine.dispose()


def _checked(engine: Engine, settings: Settings, kind: Kind, source: Source) -> Handed | Outcome:
    with reading(engine) as session:
        counter = _counter(ground_on(session, settings))
        if known := taken_before(session, kind, source):
            return known
        with progress(source.shown_name, "checking") as reached:
            return check_file(session, counter, kind, source, reached=reached)


def _counter(here: Ground) -> Counter:
    return Counter(
        office=here.office,
        day=here.day,
        at=here.at,
        person_key=here.settings.person_key,
        local_rules=here.settings.local_rules,
    )


def _facts(outcome: Outcome, wish: Wish) -> dict[str, Any]:
    return {
        "receipt": outcome.receipt.number if outcome.receipt else None,
        "sha256": outcome.sha256,
        "rows_read": outcome.rows_read,
        "accepted": outcome.accepted,
        "merged": outcome.merged,
        "refused": outcome.refused,
        "withdrawn": outcome.withdrawn,
        "skipped": outcome.skipped,
        "already_taken_in": outcome.already,
        "dry_run": wish.trial,
        "ignored_columns": outcome.ignored,
        "refusals": [refused.as_facts() for refused in outcome.refusals],
    }


def _refuse_whole(error: PortalError, source: Source, *, as_json: bool) -> NoReturn:
    if as_json:
        nothing = Outcome(
            receipt=None,
            sha256=source.sha256(),
            rows_read=0,
            accepted=0,
            merged=0,
            refused=0,
            skipped=[],
        )
        words = {lang: say(error.key, lang, **error.facts) for lang in ("zh", "en")}
        facts = _facts(nothing, Wish()) | {"error": {"rule": error.key} | words}
        click.echo(json.dumps(facts, ensure_ascii=False))
    click.echo(both(error.key, **error.facts), err=True)
    sys.exit(REFUSED)


def _say(outcome: Outcome, wish: Wish) -> None:
    for refused in outcome.refusals[:_SHOWN]:
        place = {"sheet": refused.sheet, "line": str(refused.line), "column": refused.column or "-"}
        for lang in ("zh", "en"):
            words = say(
                "intake.refused_row", lang, **place, raw=refused.raw, reason=refused.words(lang)
            )
            click.echo(words, err=True)
    if len(outcome.refusals) > _SHOWN:
        click.echo(both("intake.more_refusals", count=len(outcome.refusals) - _SHOWN), err=True)
    counts = {
        name: getattr(outcome, name) for name in ("rows_read", "accepted", "merged", "refused")
    }
    counts["skipped"] = len(outcome.skipped)
    click.echo(both("intake.totals", **counts))
    number = outcome.receipt.number if outcome.receipt else ""
    click.echo(both(f"intake.{_end(outcome, wish)}", receipt=number))


def _end(outcome: Outcome, wish: Wish) -> str:
    if outcome.already:
        return "already_taken_in"
    if outcome.done:
        return "taken_in"
    return "trial" if wish.trial else "nothing_written"


def _write_refusals(path: Path, refusals: list[Refused]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_REFUSALS_HEADER)
        for one in refusals:
            cells = (
                one.sheet,
                one.line,
                one.column,
                one.raw,
                one.rule,
                one.words("zh"),
                one.words("en"),
            )
            writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
