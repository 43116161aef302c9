"""The expectations that are counted here, and those that are left to others."""

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

from monitoring_tasks.validate.engine_checks import (
    distinct,
    records,
    statistics,
    tables,
    values,
)
from monitoring_tasks.validate.engine_checks.counting import (
    AnswerT,
    Batch,
    NotCountedError,
)
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.rules import Rule

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        **tables.RULES,
        **values.RULES,
        **statistics.RULES,
        **distinct.RULES,
        **records.RULES,
    }
)


def read_kwargs(kind: str, kwargs: Kwargs) -> Kwargs | None:
    """Return the arguments as they are counted with; None unless all is understood.

    Args:
        kind: Type of the expectation, `expect_...`.
        kwargs: Its arguments, as JSON has them.
    """
    rule = RULES.get(kind)
    return rule.read(kwargs) if rule else None


def count_expectation(
    kind: str, kwargs: Kwargs, batch: Batch[AnswerT]
) -> AnswerT | None:
    """Return how a batch answers; None where that is not counted here.

    Args:
        kind: Type of the expectation.
        kwargs: Its arguments, as `read_kwargs` returns them.
        batch: The rows.
    """
    try:
        answer: AnswerT = RULES[kind].count(batch, kwargs)
    # A pair of types the engine does not compare; a column that is not there once; a
    # value or a bound that Arrow or Python has no room for.
    except (
        NotCountedError,
        pa.ArrowException,
        KeyError,
        OverflowError,
        ValueError,
    ):
        return None
    return answer
