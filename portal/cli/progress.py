"""How far a command has come, shown on a terminal; elsewhere nothing is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from portal.intake.files.checking import Told, silent
from portal.rules.words import say


@contextmanager
def progress(name: str, stage: str) -> Iterator[Told]:
    """Show a bar of what is done of the whole, with the rows, while the block runs."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    stages = " / ".join(say(f"intake.stage.{stage}", lang) for lang in ("zh", "en"))
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(f"{name}: {stages}", total=1.0, rows=0)
        yield lambda share, rows: shown.update(task, completed=share, rows=rows)
