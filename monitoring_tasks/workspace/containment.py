"""What goes wrong with one day stays with that day: it gets a verdict, others go on.

A fault of the contract, the registry, the store or a connection is not the day's: it
is raised, for the same would happen to every day.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from monitoring_tasks.domain.decisions import Cause, Decision
from monitoring_tasks.domain.findings import DataVerdict, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.texts import quoted_text
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import DataError, MonitoringError
from monitoring_tasks.workspace.day import Day

logger = logging.getLogger(__name__)
NOT_THE_DAYS = (MonitoringError, SQLAlchemyError, OSError, MemoryError)
"""Errors that every day would meet; of these only a `DataError` is the day's."""


def is_from_rows(error: Exception) -> bool:
    """Whether an error comes from the rows of a day and from nothing around them."""
    return isinstance(error, DataError) or not isinstance(error, NOT_THE_DAYS)


def reason_of(step: str, unit: Unit, error: Exception) -> str:
    """Return what is written down of an error of a day; the log has all of it.

    What the data are to blame for says all in a line; of all else the log has a trace.

    Args:
        step: The step that failed.
        unit: The day it failed on.
        error: What it raised.
    """
    if isinstance(error, DataError):
        logger.warning("%s of %s: %s", step, unit.key, error)
        return str(error)
    logger.error("%s of %s failed", step, unit.key, exc_info=error)
    message = quoted_text(" ".join(str(error).split()))
    return (
        f"{step} failed on the rows of the day ({type(error).__name__}: {message}); "
        "the log has the whole error; correct the rows and run the day again"
    )


@contextmanager
def contained(day: Day, step: str) -> Iterator[None]:
    """Write an error of the day down as the verdict on its data: `error`, with why.

    Args:
        day: The day; steps after this one see the verdict.
        step: The step that runs inside.

    Raises:
        Exception: What does not come from the day's rows; see `NOT_THE_DAYS`.
    """
    try:
        yield
    except Exception as error:
        if not is_from_rows(error):
            raise
        reason = reason_of(step, day.unit, error)
        verdict = DataVerdict(verdict=Verdict.ERROR, reason=reason)
        # What validation said of the labels still holds; only the rows failed.
        so_far = day.evaluation
        day.record.save_data_verdict(
            verdict, labels=so_far.label_verdict, label_counts=so_far.label_counts
        )


def undecided(reason: str) -> Decision:
    """Return the decision on a day that could not be decided."""
    return Decision(
        verdict=Verdict.ERROR,
        performance=Verdict.ERROR,
        confirmed=False,
        cause=Cause.INTEGRATION,
        reasons=(reason,),
        reason_codes=(ReasonCode.STEP_FAILED,),
    )
