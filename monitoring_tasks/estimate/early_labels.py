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
    is known late, a repayment early), the weights do not fix it and nothing here shows
    it; `provisional_error` does, afterwards.

    Args:
        outcome: A day of a binary model. Not modified.
        strata: Number of strata aimed for, >= 1.
        min_labelled: Labels each stratum needs, >= 1.

    References:
        Horvitz and Thompson (1952), JASA 47, 663-685; Kish (1965), Survey Sampling,
        section 11.7.
    """
    all_by_bin, labelled_by_bin = _rows_by_bin(outcome)
    labels = sum(labelled_by_bin.values())
    if labels < min_labelled:
        why = f"{labels} labels are fewer than the {min_labelled} needed"
        return Reweighted(reason=why)
    stratum_of = _strata(
        all_by_bin, labelled_by_bin, strata=strata, min_labelled=min_labelled
    )
    count = max(stratum_of.values()) + 1
    all_rows, labelled = np.zeros(count), np.zeros(count)
    for score_bin, stratum in stratum_of.items():
        all_rows[stratum] += all_by_bin[score_bin]
        labelled[stratum] += labelled_by_bin.get(score_bin, 0)
    total = float(all_rows.sum())
    # Kish: unequal weights make the labels say as much as fewer equal ones.
    effective = math.floor(total**2 / float((all_rows**2 / labelled).sum()) + HAIR)
    weights = all_rows / labelled * effective / total * (1 + HAIR)
    kept = [cell for cell in outcome.cells if cell[2] != UNKNOWN]
    by_cell = {cell: float(weights[stratum_of[cell[0]]]) for cell in kept}
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
    """Return rows, and rows with a label, by score bin."""
    every: dict[int, int] = {}
    labelled: dict[int, int] = {}
    for (score_bin, _, label), rows in sorted(outcome.cells.items()):
        every[score_bin] = every.get(score_bin, 0) + rows
        if label != UNKNOWN:
            labelled[score_bin] = labelled.get(score_bin, 0) + rows
    return every, labelled


def _strata(
    every: Mapping[int, int],
    labelled: Mapping[int, int],
    *,
    strata: int,
    min_labelled: int,
) -> dict[int, int]:
    """Number the strata: score bin -> stratum; a thin last one joins the one before."""
    wanted = sum(every.values()) / strata
    stratum_of: dict[int, int] = {}
    stratum, rows, labels = 0, 0, 0
    for score_bin in sorted(every):
        if rows >= wanted and labels >= min_labelled:
            stratum, rows, labels = stratum + 1, 0, 0
        stratum_of[score_bin] = stratum
        rows += every[score_bin]
        labels += labelled.get(score_bin, 0)
    # The last stratum has no next one to be widened into.
    if labels < min_labelled and stratum > 0:
        last = stratum - 1
        stratum_of = {score_bin: min(s, last) for score_bin, s in stratum_of.items()}
    return stratum_of
