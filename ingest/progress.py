"""How progress is reported and drawn: a callback for the library, a bar for the commands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]  # stage, done, total


def silent(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """A callback that draws one bar for each stage on standard error, from the first stage on; none when quiet."""
    if quiet:
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bars = Bars(*columns, console=Console(stderr=True))
    tasks = {}

    def show(stage: str, done: int, total: int) -> None:
        bars.start()
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done, total=total)

    try:
        yield show
    finally:
        if tasks:
            bars.stop()
