"""How far a command has come, shown on a terminal; elsewhere nothing is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from portal.intake.files.sheets import Reached
from portal.rules.words import say


@contextmanager
def progress(name: str, stage: str) -> Iterator[Reached]:
    """Show a bar of what is done of the whole, with the rows, while the block runs."""
    console, reached = Console(stderr=True), Reached()
    if not console.is_terminal:
        yield reached
        return
    stages = " / ".join(say(f"intake.stage.{stage}", lang) for lang in ("zh", "en"))
    with _Bar(console, f"{name}: {stages}", reached):
        yield reached


class _Bar(Progress):
    """A bar that looks, whenever it is drawn, how far the work is."""

    def __init__(self, console: Console, words: str, reached: Reached) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]:,}"),
            TimeRemainingColumn(),
        )
        self._reached = reached
        super().__init__(*columns, console=console, transient=True)
        self.add_task(words, total=1.0, rows=0)

    def get_renderables(self) -> Iterable[RenderableType]:
        reached = self._reached
        for task in self.task_ids:
            self.update(task, completed=reached.share, rows=reached.rows)
        yield from super().get_renderables()
