"""Tables that fit the terminal without a broken word."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from monitoring_tasks.cli.terminal import assembled

GAP = 2
"""Cells between two columns: a space on one side, a divider of the box."""
Cell: TypeAlias = str | Text


def fitted_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    room: int,
    unbroken: Collection[str] = (),
) -> Table | None:
    """Return a table no wider than the terminal, broken between words only.

    Args:
        columns: Heads of the columns.
        rows: A cell a column.
        room: Width of the terminal, in cells.
        unbroken: Columns that never wrap.

    Returns:
        None where the longest words of its columns, side by side, do not fit.
    """
    cells = [[assembled(cell) for cell in cell_row] for cell_row in rows]
    spans = []
    for index, name in enumerate(columns):
        texts = [name, *(cell_row[index].plain for cell_row in cells)]
        longest = _longest_line(texts)
        spans.append((longest if name in unbroken else _longest_word(texts), longest))
    widths = _widths(spans, room - GAP * (len(columns) - 1))
    if widths is None:
        return None
    table = Table(
        box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False
    )
    for name, width in zip(columns, widths, strict=True):
        # No column is narrower than its longest word, so folding breaks none.
        table.add_column(assembled(name), overflow="fold", width=width)
    for cell_row in cells:
        table.add_row(*cell_row)
    return table


def as_records(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> Iterator[Text]:
    """Yield the cells of a table too wide for the terminal: one line per cell.

    An empty line parts the rows; cells of several lines become one.

    Args:
        columns: Heads of the columns; they stand before the cells.
        rows: A cell a column; empty ones are left out.
    """
    for index, row in enumerate(rows):
        if index:
            yield Text()
        for name, cell in zip(columns, row, strict=True):
            text = assembled(cell)
            if text.plain in ("", "-"):
                continue
            label = " ".join(name.split())
            yield assembled(f"{label}: " if label else "", _on_one_line(text))


def _on_one_line(text: Text) -> Text:
    return Text(" ").join(text.split("\n", allow_blank=False))


def _longest_line(texts: Sequence[str]) -> int:
    return max(cell_len(line) for text in texts for line in text.split("\n"))


def _longest_word(texts: Sequence[str]) -> int:
    return max(cell_len(word) for text in texts for word in text.split() or [""])


def _widths(spans: Sequence[tuple[int, int]], room: int) -> list[int] | None:
    """Return the width of each column: its longest line, less where there is no room.

    The column with most to spare gives way first, one cell at a time.

    >>> _widths([(3, 3), (4, 20), (5, 10)], 25)
    [3, 12, 10]
    >>> _widths([(30, 30)], 25)
    """
    widths = [most for _, most in spans]
    while sum(widths) > room:
        slack, index = max(
            (width - least, index)
            for index, (width, (least, _)) in enumerate(zip(widths, spans, strict=True))
        )
        if slack <= 0:
            return None
        widths[index] -= 1
    return widths
