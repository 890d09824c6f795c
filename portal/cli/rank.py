"""``portal rank``: the public method as a plain tool, without any database."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from portal.cli.ground import both, refuse
from portal.domain.ranking import METHOD_VERSION
from portal.domain.ranking.values import Figure, Ranking, Settings, settings_of
from portal.intake.rank_file import CountsFile, Fault, read_counts
from portal.publication.compute import ranking
from portal.rules.rulebook import rules_on
from portal.rules.words import say
from portal.settings import machine_clock

COLUMNS = (
    "institution",
    "trials",
    "successes",
    "raw_rate",
    "rate",
    "rate_low",
    "rate_high",
    "rank",
    "rank_low",
    "rank_high",
    "p_above_average",
    "band",
)
LISTED = 100
OPEN_UNIT = click.FloatRange(0, 1, min_open=True, max_open=True)


def _number(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    if value is not None and math.isnan(value):
        msg = "nan is not a number"
        raise click.BadParameter(msg)
    return value


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="CSV to write"
)
@click.option("--level", type=OPEN_UNIT, callback=_number, help="Of the ranges.")
@click.option("--seed", type=click.IntRange(min=0), help="Of the draws.")
@click.option("--draws", type=click.IntRange(2, 100_000), help="For the ranks.")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def rank(file: Path, output: Path | None, *, as_json: bool, **chosen: float | None) -> None:
    """Rank institutions from counts: institution,stratum,trials,successes.

    The stratum column may be left out. Nothing is suppressed. What is not chosen here (the level of
    the ranges, the seed, the number of draws) is as the rules in force today have it.
    """
    counts = read_counts(file.read_bytes())
    if counts.faults:
        _refuse(counts.faults, as_json=as_json)
    settings = _settings(**chosen)
    found = ranking(counts.cells, settings)
    table = csv_of(found)
    if output:
        _write(output, table, as_json=as_json)
    if as_json:
        click.echo(json.dumps(_as_json(found, settings), ensure_ascii=False))
    elif not output:
        click.echo(table, nl=False)
    _remark(counts, found, settings)


def _settings(**chosen: Any) -> Settings:  # noqa: ANN401 - the options, checked by click
    usual = settings_of(rules_on(machine_clock().date()).ranking)
    return replace(usual, **{name: value for name, value in chosen.items() if value is not None})


def csv_of(found: Ranking) -> str:
    """Return the table: one row per institution, rates with 6 decimals, absent figures empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for figure in found.items:
        writer.writerow([_shown(figure, name) for name in COLUMNS])
    return out.getvalue()


def _shown(figure: Figure, name: str) -> str:
    value = getattr(figure, name)
    if name == "band":
        return value or "withheld"
    if value is None:
        return ""
    if name in ("trials", "successes"):
        return f"{value:.0f}"
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _as_json(found: Ranking, settings: Settings) -> dict[str, object]:
    return {
        "method": METHOD_VERSION,
        "level": settings.level,
        "seed": settings.seed,
        "draws": settings.draws,
        "rankability": _rounded(found.rankability),
        "order_publishable": found.order_publishable,
        "average": _rounded(found.average),
        "tau": _rounded(found.tau),
        "omega": _rounded(found.omega),
        "items": [_item(figure) for figure in found.items],
    }


def _item(figure: Figure) -> dict[str, object]:
    row: dict[str, object] = {name: _rounded(getattr(figure, name)) for name in COLUMNS}
    row["band"] = figure.band or "withheld"
    row["effective_n"] = _rounded(figure.effective_n)
    row["mean_rank"] = _rounded(figure.mean_rank)
    row["withheld"] = figure.withheld
    return row


def _rounded(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


def _refuse(faults: tuple[Fault, ...], *, as_json: bool) -> None:
    lines = [say("rank.refused", "zh") + say("rank.refused", "en")]
    lines += [_in_words(fault, lang) for fault in faults[:LISTED] for lang in ("zh", "en")]
    if len(faults) > LISTED:
        lines.append(both("rank.more", number=len(faults) - LISTED))
    listed = [
        {
            "line": fault.line or None,
            "column": fault.column or None,
            "reason": fault.key,
            "zh": _in_words(fault, "zh"),
            "en": _in_words(fault, "en"),
        }
        for fault in faults
    ]
    refuse("\n".join(lines), as_json=as_json, refused=listed)


def _in_words(fault: Fault, lang: str) -> str:
    reason = say(fault.key, lang, **fault.facts)
    if not fault.line:
        return reason
    return say("rank.at", lang, line=str(fault.line), column=fault.column, reason=reason)


def _write(output: Path, table: str, *, as_json: bool) -> None:
    try:
        output.write_text(table, encoding="utf-8", newline="\n")
    except OSError as error:
        words = both("rank.not_written", file=str(output), reason=error.strerror or str(error))
        refuse(words, as_json=as_json)


def _remark(counts: CountsFile, found: Ranking, settings: Settings) -> None:
    """Say on standard error what a reader of the table must know."""
    if counts.ignored:
        click.echo(both("rank.ignored_columns", names=", ".join(counts.ignored)), err=True)
    if any("withheld.not_connected" in figure.withheld.values() for figure in found.items):
        click.echo(both("rank.sets"), err=True)
    if found.order_publishable:
        return
    if found.rankability is None:
        click.echo(both("rank.gate_no_data"), err=True)
    elif found.rankability < settings.rankability_min:
        share, least = f"{found.rankability:.2f}", f"{settings.rankability_min:.2f}"
        click.echo(both("rank.gate", rankability=share, least=least), err=True)
