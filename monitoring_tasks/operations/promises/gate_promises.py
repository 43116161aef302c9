"""What the gate `reference` promises: rows, nulls, categories, tails, copies. Pure."""

import math
from collections.abc import Iterator
from functools import partial

from scipy.special import ndtr

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import FINER
from monitoring_tasks.operations.promises.family_promise import DayTest
from monitoring_tasks.validate.corruption.gate_limits import (
    BEYOND,
    COMMON,
    HIGH,
    LOST,
    LOW,
    NULLS,
    SENTINEL,
    SHAPE,
    UNSEEN,
    ShareLimit,
    share_limits,
    volume_limit,
)
from monitoring_tasks.validate.relations.broken_relations import PAIR, RELATION
from monitoring_tasks.validate.relations.broken_ties import TIE
from monitoring_tasks.validate.relations.decisions import COARSE, DECISION
from monitoring_tasks.validate.summary.row_identity import COPIED, STALE

BATCH, RELATIONS, COPIES = "batch against reference", "relations", "copies"
OUTPUTS = "decisions and scores"
OF_ROWS = "of the rows"
CHECKS = {
    NULLS: (BATCH, "nulls"),
    UNSEEN: (BATCH, "categories never seen"),
    **dict.fromkeys(FINER, (BATCH, "values of more decimals than usual")),
    LOST: (BATCH, "rows missing from categories"),
    SENTINEL: (BATCH, "a placeholder"),
    COMMON: (BATCH, "a usual value filled in"),
    BEYOND: (BATCH, "values outside all seen"),
    LOW: (BATCH, "values in the lower tail"),
    HIGH: (BATCH, "values in the upper tail"),
    SHAPE: (BATCH, "values spread otherwise"),
    RELATION: (RELATIONS, "a number unlike what others say"),
    PAIR: (RELATIONS, "pairs never seen"),
    TIE: (RELATIONS, "values that belong to other rows"),
    STALE: (COPIES, "rows of the day before"),
    COPIED: (COPIES, "rows that are there twice"),
    DECISION: (OUTPUTS, "decisions unlike their scores"),
    COARSE: (OUTPUTS, "scores of another row"),
}
"""Kind of a share -> its family, and what is asked."""
MOST_MISSING = 0.999
"""Share of a day's rows; with none left there is no day."""


def gate_tests(baseline: BatchBaseline, contract: Contract) -> Iterator[DayTest]:
    """Yield what the gate asks of a day of usual size, each with its chances.

    A share that a fault raises by x strays around its usual mean plus x, normally, as
    far as days of the reference do and sampling makes it.

    Args:
        baseline: What the reference's days have in common.
        contract: Brings the policy.
    """
    yield _volume(baseline, contract)
    for limit in share_limits(baseline, contract):
        yield _share(limit, contract)


def _share(limit: ShareLimit, contract: Contract) -> DayTest:
    family, check = CHECKS[limit.kind]

    def past(edge: float | None, size: float) -> float:
        share = min(limit.usual.mean + size, 1.0)
        if edge is None:
            return 0.0
        spread = limit.spread(share)
        return float(ndtr((share - edge) / spread) if spread else share >= edge)

    return DayTest(
        family=family,
        check=check,
        about=limit.about,
        unit=OF_ROWS,
        chance=partial(past, limit.limit),
        largest=1.0,
        false_alarm=contract.policy.reference_gate.false_alarm,
        gross=None if limit.gross is None else partial(past, limit.gross),
    )


def _volume(baseline: BatchBaseline, contract: Contract) -> DayTest:
    limit = volume_limit(baseline, contract)

    def past(edge: float, missing: float) -> float:
        return float(ndtr((-math.log1p(-missing) - edge) / limit.spread))

    return DayTest(
        family=BATCH,
        check="rows missing",
        about="",
        unit=OF_ROWS,
        chance=partial(past, limit.limit),
        largest=MOST_MISSING,
        false_alarm=contract.policy.reference_gate.false_alarm,
        gross=partial(past, limit.gross),
    )
