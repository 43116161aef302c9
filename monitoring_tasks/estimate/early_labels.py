"""Early labels weighted to stand for all rows of their day. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from monitoring_tasks.domain.counts import BinaryOutcome

UNKNOWN = -1
"""The label of a row that has none yet, in a binary outcome."""
HAIR = 1e-9
"""Rounding must not lose a row where weighted cells are added up to whole rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighted:
    """A day's labelled rows, weighted to stand for all its rows.

    Attributes:
        outcome: Weighted cells, unlabelled ones left out; None when it cannot be done.
        effective_rows: As many unweighted rows would say as much, in whole rows; the
            cells add up to it, so that intervals from them are about as wide as due.
        reason: Why there is none.
    """

    outcome: BinaryOutcome | None = None
    effective_rows: int = 0
    reason: str = ""


def reweighted(outcome: BinaryOutcome, *, strata: int, min_labelled: int) -> Reweighted:
    """Let the labels known so far stand for all rows, by strata of the score.

    Inverse probability weights: rows of a stratum over those of them with a label.
    Strata hold about as many rows each, from the lowest score up, and are widened
    until each has `min_labelled` labels. All cells are then scaled to Kish's effective
    number of rows, N^2 / sum(N_s^2 / n_s).

    Assumes that within a stratum labels arrive at random. When it lies: if rows of one
    class get their label sooner than those of the other at the same score (a default
    is known late, a repayment early), the weights do not mend it and nothing here shows
    it; `provisional_error` does, afterwards.

    Args:
        outcome: A day of a binary model. Not modified.
        strata: MetricValue of strata aimed for, >= 1.
        min_labelled: Labels each stratum needs, >= 1.

    References:
        Horvitz and Thompson (1952), JASA 47, 663-685; Kish (1965), Survey Sampling,
        section 11.7.
    """
    every, known = _rows_by_bin(outcome)
    if sum(known.values()) < min_labelled:
        why = f"{sum(known.values())} labels are fewer than the {min_labelled} needed"
        return Reweighted(reason=why)
    stratum = _strata(every, known, strata=strata, min_labelled=min_labelled)
    count = max(stratum.values()) + 1
    all_rows, labelled = np.zeros(count), np.zeros(count)
    for score_bin, place in stratum.items():
        all_rows[place] += every[score_bin]
        labelled[place] += known.get(score_bin, 0)
    total = float(all_rows.sum())
    effective = math.floor(total**2 / float((all_rows**2 / labelled).sum()) + HAIR)
    weights = all_rows / labelled * effective / total * (1 + HAIR)
    kept = [cell for cell in outcome.cells if cell[2] != UNKNOWN]
    by_cell = {cell: float(weights[stratum[cell[0]]]) for cell in kept}
    cells = {cell: outcome.cells[cell] * by_cell[cell] for cell in kept}
    return Reweighted(
        outcome=BinaryOutcome(
            # Weighted counts are not whole; all arithmetic on cells is in floats.
            cells=cast("Mapping[tuple[int, int, int], int]", cells),
            score_sums={c: outcome.score_sums[c] * by_cell[c] for c in kept},
            invalid=outcome.invalid,
        ),
        effective_rows=effective,
    )


def _rows_by_bin(outcome: BinaryOutcome) -> tuple[dict[int, int], dict[int, int]]:
    every: dict[int, int] = {}
    known: dict[int, int] = {}
    for (score_bin, _, label), rows in sorted(outcome.cells.items()):
        every[score_bin] = every.get(score_bin, 0) + rows
        if label != UNKNOWN:
            known[score_bin] = known.get(score_bin, 0) + rows
    return every, known


def _strata(
    every: Mapping[int, int],
    known: Mapping[int, int],
    *,
    strata: int,
    min_labelled: int,
) -> dict[int, int]:
    """Number the strata: score bin -> stratum; a thin last one joins the one before."""
    wanted = sum(every.values()) / strata
    places: dict[int, int] = {}
    place, rows, labels = 0, 0, 0
    for score_bin in sorted(every):
        if rows >= wanted and labels >= min_labelled:
            place, rows, labels = place + 1, 0, 0
        places[score_bin] = place
        rows += every[score_bin]
        labels += known.get(score_bin, 0)
    if labels < min_labelled and place > 0:
        places = {score_bin: min(p, place - 1) for score_bin, p in places.items()}
    return places
