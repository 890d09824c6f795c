"""What a file would do to the ranking, said by a command."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from portal.cli.ground import both
from portal.publication.effect import Effect, Moved
from portal.rules.words import label, say

_SHOWN = 20


def facts_of(effect: Effect | None) -> dict[str, Any]:
    """Return the part of a command's JSON that tells of a file's effect; null where it has none."""
    if effect is None:
        return {"effect": None}
    moved = [asdict(one) for one in effect.moved]
    return {
        "effect": {"period": str(effect.period), "moved": moved, "unmoved": effect.unmoved},
    }


def say_effect(effect: Effect | None) -> None:
    """Print who would change band and who would become withheld; nothing where no file is tried."""
    if effect is None:
        return
    counts = {"moved": len(effect.moved), "unmoved": effect.unmoved}
    click.echo(both("intake.effect", period=str(effect.period), **counts))
    for one in effect.moved[:_SHOWN]:
        for lang in ("zh", "en"):
            click.echo(_line(one, lang))
    if len(effect.moved) > _SHOWN:
        click.echo(both("intake.effect_more", count=len(effect.moved) - _SHOWN))


def _line(one: Moved, lang: str) -> str:
    bands = {
        name: label(f"band.{band}", lang) if band else say("intake.effect_absent", lang)
        for name, band in (("before", one.before), ("after", one.after))
    }
    return say("intake.effect_line", lang, name=one.name, trade=one.trade, **bands)
