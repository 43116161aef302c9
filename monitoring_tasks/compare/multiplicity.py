"""How many of a day's findings chance alone would bring, and which outlast that.

Fifty columns held against a 5 % limit alarm on nine healthy days in ten. The numbers
that are judged together are a family; within it, false discoveries are kept to a
stated share. What no family holds (objectives of the whole batch) is left alone.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from monitoring_tasks.compare.revised_verdict import revised
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode

MOVED = frozenset({Kind.DRIFT, Kind.OUTCOME, Kind.OUTPUT})
"""Kinds of numbers that may have moved: one family, whatever they are about."""


def benjamini_hochberg(p_values: Sequence[float], rate: float) -> list[bool]:
    """Say which tests to keep so that at most `rate` of the kept are false.

    Keeps the k smallest of m p-values, k the largest with p_(k) <= k / m * rate. The
    expected share of true nulls among the kept is then at most `rate`, if the tests
    are independent or positively dependent (each null's p-value rises with the
    others', as of columns that move together).

    When it lies: under negative dependence it may pass `rate` by a factor of up to
    1 + 1/2 + ... + 1/m (`benjamini_yekutieli` pays that factor beforehand); with
    p-values that are smaller than chance makes them, e.g. of rows that come in
    clusters; and for a part of the kept chosen afterwards by something else.

    Args:
        p_values: Each 0..1, in any order; shape (m,), m >= 0. Not modified.
        rate: Share of false discoveries to put up with, in (0, 1).

    Returns:
        Whether each is kept, in the order given; as many as came in.

    Raises:
        ValueError: If a p-value is not a number in 0..1, or `rate` not in (0, 1).

    References:
        Benjamini and Hochberg (1995), JRSS B 57, 289-300; under positive dependence:
        Benjamini and Yekutieli (2001), Annals of Statistics 29, theorem 1.2.

    >>> benjamini_hochberg([0.01, 0.04, 0.6], 0.05)
    [True, False, False]
    """
    return _kept(p_values, rate, "bh")


def benjamini_yekutieli(p_values: Sequence[float], rate: float) -> list[bool]:
    """Say which tests to keep, whatever the dependence between them.

    As `benjamini_hochberg` at the rate `rate` / (1 + 1/2 + ... + 1/m): for 50 tests
    4.5 times stricter.

    Args:
        p_values: Each 0..1, in any order; shape (m,), m >= 0. Not modified.
        rate: Share of false discoveries to put up with, in (0, 1).

    Returns:
        Whether each is kept, in the order given.

    Raises:
        ValueError: If a p-value is not a number in 0..1, or `rate` not in (0, 1).

    References:
        Benjamini and Yekutieli (2001), Annals of Statistics 29, theorem 1.3.
    """
    return _kept(p_values, rate, "by")


def control(
    findings: Sequence[Finding], *, rate: float, dependence: bool
) -> list[Finding]:
    """Demote by one step what a day's many tests bring by chance.

    Two families: all findings about inputs, scores or labels that moved; and all
    about segments other than `all` together with all about fairness. Every finding of
    a family with a p-value counts as one of its tests, past its limit or not. One that
    is past its limit and not kept is demoted: `breach` to `warn`, an advisory `warn`
    to `ok`. A p-value never makes anything worse: kept findings stay as the interval
    rule judged them.

    When it lies: the share holds for what is kept among all tests of the family. If
    many small, harmless differences are real, they are kept too and make room for a
    false one that is past its limit.

    Args:
        findings: A day's findings. Not modified.
        rate: Share of false discoveries to put up with in each family, in (0, 1).
        dependence: True to hold the rate under any dependence between the tests, at
            the price of power (Benjamini-Yekutieli instead of Benjamini-Hochberg).

    Returns:
        As many findings in the same order. Those without a p-value, and those of no
        family, are the same as before.

    Raises:
        ValueError: If a p-value is not a number in 0..1, or `rate` not in (0, 1).
    """
    keep = benjamini_yekutieli if dependence else benjamini_hochberg
    controlled = list(findings)
    for family in ("drift", "groups"):
        tested = [
            (index, finding.p_value)
            for index, finding in enumerate(findings)
            if finding.p_value is not None and _family(finding) == family
        ]
        kept = keep([p_value for _, p_value in tested], rate)
        why = (
            f"one of {len(tested)} tests today, and no more than chance alone "
            f"explains (false discovery rate {rate * 100:g} %)"
        )
        for (index, _), is_kept in zip(tested, kept, strict=True):
            if not is_kept:
                controlled[index] = _demoted(findings[index], why)
    return controlled


def _family(finding: Finding) -> str | None:
    """Name the tests a finding is judged among; None when it is judged alone."""
    measurement = finding.measurement
    if measurement.kind in MOVED:
        return "drift"
    is_part = measurement.segment != "all"
    return "groups" if is_part or measurement.kind is Kind.FAIRNESS else None


def _demoted(finding: Finding, why: str) -> Finding:
    """Take a finding one step down, if it is past its limit."""
    is_advisory = finding.limit is not None and finding.limit.advisory
    if finding.verdict is Verdict.BREACH:
        lower = Verdict.WARN
    elif finding.verdict is Verdict.WARN and is_advisory:
        lower = Verdict.OK
    else:
        return finding
    return revised(finding, lower, why, ReasonCode.FALSE_DISCOVERY)


def _kept(
    p_values: Sequence[float], rate: float, method: Literal["bh", "by"]
) -> list[bool]:
    if not 0 < rate < 1:
        msg = f"a rate of false discoveries lies between 0 and 1, not at {rate}"
        raise ValueError(msg)
    # A test is kept where its adjusted p-value is at most the rate.
    return [bool(p <= rate) for p in adjusted_p_values(p_values, method)]


def adjusted_p_values(
    p_values: Sequence[float], method: Literal["bh", "by"]
) -> npt.NDArray[np.float64]:
    """Return the rates of false discoveries at which each test is just kept.

    As `scipy.stats.false_discovery_control`, which takes a second to import.

    Args:
        p_values: One for each test, each 0..1.
        method: `bh` for independent tests (Benjamini, Hochberg), `by` for any.

    Raises:
        ValueError: If one is no probability.
    """
    values = np.asarray(p_values, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("a p-value lies between 0 and 1")
    order = values.argsort()
    place = np.arange(1, len(values) + 1)
    scaled = values[order] * (len(values) / place)
    if method == "by":
        scaled *= (1 / place).sum()
    # What a larger p-value is kept at, a smaller one is too.
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return adjusted.clip(0.0, 1.0)
