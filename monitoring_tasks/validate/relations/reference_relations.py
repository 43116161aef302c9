"""What the rows of a reference teach of the relations of their columns."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.relations import Relations
from monitoring_tasks.rows.names import DAY
from monitoring_tasks.statistics.arrays import Codes
from monitoring_tasks.validate.relations.broken_relations import (
    Unlike,
    pair_key,
    relation_key,
)
from monitoring_tasks.validate.relations.broken_ties import tie_key
from monitoring_tasks.validate.relations.pair_learning import learn_pairs
from monitoring_tasks.validate.relations.relation_learning import (
    learn_numeric_relations,
)
from monitoring_tasks.validate.relations.tie_learning import learn_ties
from monitoring_tasks.validate.summary.batch_summary import numeric_outputs
from monitoring_tasks.validate.summary.related_columns import (
    related_columns,
    sampled_rows,
)


def learn_relations(
    rows: pa.Table, contract: Contract, days: Sequence[date]
) -> tuple[Relations, dict[date, Unlike]]:
    """Learn what the columns of a reference say of each other, and how its days are.

    Each day is held against what the others teach: the spans of days beside its own
    for numbers, all other days for pairs of categories.

    Args:
        rows: The reference with each row's day in the column `DAY`, its texts short.
        contract: Declares the columns and brings the policy.
        days: Those that count, in order.

    Returns:
        The relations; of every day the rows that break them, and those asked.
    """
    columns, policy = contract.columns, contract.policy.reference_gate.relations
    counted = rows.filter(pc.is_in(rows[DAY], pa.array(days, pa.date32())))
    inputs = {*columns.features, *columns.segments, *columns.protected}
    named = inputs - {*columns.continuous, *columns.calendar}
    by_day: dict[date, Unlike] = {day: {} for day in days}

    sample = sampled_rows(counted)
    places = _places(sample, days)
    related = related_columns(
        sample,
        numbers=(*columns.continuous, *columns.calendar, *numeric_outputs(contract)),
        categories=sorted(named),
    )
    numbers = learn_numeric_relations(
        related, places, inputs=sorted(inputs), policy=policy
    )
    for learnt in numbers:
        beyond = learnt.held_out > learnt.relation.limit
        asked = ~np.isnan(learnt.held_out)
        _add(
            by_day,
            relation_key(learnt.relation.column),
            np.bincount(places[beyond], minlength=len(days)),
            np.bincount(places[asked], minlength=len(days)),
        )
    pairs = list(
        learn_pairs(
            related_columns(counted, numbers=(), categories=sorted(named)),
            _places(counted, days),
            policy,
        )
    )
    for pair in pairs:
        _add(by_day, pair_key(pair.relation.columns), pair.unseen, pair.asked)
    ties = list(learn_ties(related, places, inputs=inputs, policy=policy))
    for tie in ties:
        astray = np.rint(np.nan_to_num(tie.astray) * tie.asked).astype(np.int64)
        asked = np.where(np.isnan(tie.astray), 0, tie.asked)
        _add(by_day, tie_key(tie.tie.columns), astray, asked)
    relations = Relations(
        numbers=tuple(learnt.relation for learnt in numbers),
        pairs=tuple(pair.relation for pair in pairs),
        ties=tuple(learnt.tie for learnt in ties),
    )
    return relations, by_day


def _places(rows: pa.Table, days: Sequence[date]) -> Codes:
    places = pc.index_in(rows[DAY], pa.array(days, pa.date32()))
    return np.asarray(places.to_numpy(), dtype=np.int64)


def _add(by_day: dict[date, Unlike], key: str, unlike: Codes, asked: Codes) -> None:
    for counted, rows, of in zip(by_day.values(), unlike, asked, strict=True):
        if of:
            counted[key] = int(rows), int(of)
