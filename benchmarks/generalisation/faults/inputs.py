"""What goes wrong with inputs. Pure; nothing that comes in is changed."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.generalisation.data.schema import Batch
from benchmarks.generalisation.faults.terms import Production, Terms

Values = Callable[[pd.Series, Terms], Any]
WRITINGS: tuple[Callable[[str], str], ...] = (
    lambda text: f"{text} ",
    lambda text: f"{text}.0",
    lambda text: text.swapcase() if text.swapcase() != text else f"_{text}",
)


def per_column(batch: Batch, terms: Terms, *, values: Values) -> Batch:
    """Put other values into the hit rows of each hit column."""
    changed = {}
    for name in terms.names:
        given = batch.predictions[name]
        changed[name] = given.mask(terms.rows, values(given, terms))
    return batch.with_values(**changed)


def _spread(given: pd.Series, terms: Terms) -> float:
    return float(terms.usual[str(given.name)].std()) or 1.0


def _missing(given: pd.Series, terms: Terms) -> Any:  # noqa: ANN401 (a null)
    del terms
    return np.nan if given.dtype.kind == "f" else None


def _stuck(given: pd.Series, terms: Terms) -> Any:  # noqa: ANN401 (a cell)
    """Take what the first row of the usual ones has: the same every day."""
    return terms.usual[str(given.name)].iloc[0]


def _defaulted(given: pd.Series, terms: Terms) -> Any:  # noqa: ANN401 (a cell)
    usual = terms.usual[str(given.name)]
    return usual.median() if usual.dtype.kind == "f" else usual.mode().iloc[0]


def _rescaled(given: pd.Series, terms: Terms) -> pd.Series:
    return given * terms.size**terms.sign


def _shifted(given: pd.Series, terms: Terms) -> pd.Series:
    return given + terms.sign * terms.size * _spread(given, terms)


def _noisy(given: pd.Series, terms: Terms) -> pd.Series:
    noise = terms.random.normal(0, terms.size * _spread(given, terms), len(given))
    return given + noise


def _rounded(given: pd.Series, terms: Terms) -> pd.Series:
    step = terms.size * _spread(given, terms)
    return (given / step).round() * step


def _clipped(given: pd.Series, terms: Terms) -> pd.Series:
    usual = terms.usual[str(given.name)]
    if terms.sign > 0:
        return given.clip(upper=float(usual.quantile(1 - terms.size)))
    return given.clip(lower=float(usual.quantile(terms.size)))


def _cut(given: pd.Series, terms: Terms) -> pd.Series:
    return given.astype("str").str[: round(terms.size)]


def _rewritten(given: pd.Series, terms: Terms) -> pd.Series:
    writing = WRITINGS[round(terms.size) % len(WRITINGS)]
    return given.astype("str").map(writing)


def _reordered(given: pd.Series, terms: Terms) -> pd.Series:
    hit = np.flatnonzero(terms.rows)
    places = np.arange(len(given))
    places[hit] = terms.random.permutation(hit)
    return given.take(places).set_axis(given.index)


def _next_category(given: pd.Series, terms: Terms) -> pd.Series:
    """Read every code as the one beside it in the list."""
    usual = sorted(terms.usual[str(given.name)].dropna().unique())
    # A whole round would change nothing.
    step = 1 + (round(terms.size) - 1) % max(1, len(usual) - 1)
    names = {name: usual[(n + step) % len(usual)] for n, name in enumerate(usual)}
    return given.map(names).fillna(given)


def _stale(batch: Batch, terms: Terms) -> Batch:
    """Give hit rows the values that rows of the day before had."""
    past, rows = terms.before.predictions, batch.predictions
    if past.empty:
        return batch
    drawn = terms.random.integers(0, len(past), len(rows))
    return batch.with_values(
        **{
            name: rows[name].mask(
                terms.rows, past[name].take(drawn).set_axis(rows.index)
            )
            for name in terms.names
        }
    )


def _swapped(batch: Batch, terms: Terms) -> Batch:
    """Exchange two columns."""
    first, second = terms.names[:2]
    rows = batch.predictions
    return batch.with_values(
        **{
            first: rows[first].mask(terms.rows, rows[second]),
            second: rows[second].mask(terms.rows, rows[first]),
        }
    )


def _input(
    what: str, values: Values, columns: str, sizes: tuple[float, float] = (1, 1)
) -> Production:
    return Production(
        what=what,
        where="input",
        change=partial(per_column, values=values),
        columns=columns,
        sizes=sizes,
        is_rescored=True,
    )


INPUTS = (
    _input("missing", _missing, "any"),
    _input("stuck", _stuck, "any"),
    _input("defaulted", _defaulted, "any"),
    _input("rescaled", _rescaled, "number", (1.05, 1_000)),
    _input("shifted", _shifted, "number", (0.1, 5)),
    _input("noisy", _noisy, "number", (0.1, 5)),
    _input("rounded", _rounded, "number", (0.05, 5)),
    _input("truncated", _clipped, "number", (0.02, 0.5)),
    _input("cut", _cut, "category", (1, 3)),
    _input("recoded", _rewritten, "category", (1, 3)),
    _input("reordered", _reordered, "any"),
    _input("mislabelled", _next_category, "category", (1, 3)),
    Production(
        what="stale", where="input", change=_stale, columns="any", is_rescored=True
    ),
    Production(
        what="swapped",
        where="input",
        change=_swapped,
        columns="number",
        is_rescored=True,
        fewest_columns=2,
        most_columns=2,
    ),
)
