"""Judged days that keep their verdict: the source no longer has their predictions."""

import logging

from monitoring_tasks.errors import NoDataError, SourceChangedError
from monitoring_tasks.extract.step import require_predictions
from monitoring_tasks.workspace.containment import is_from_rows
from monitoring_tasks.workspace.day import Day

logger = logging.getLogger(__name__)


def keeps_verdict(day: Day) -> bool:
    """Whether a day was judged by predictions that the source no longer has.

    Judged again it would be `no_data`, over a verdict that rests on more. So it would
    where rows that stay with their source are others now: the log says which.
    Predictions that are there and cannot be read are news: the day is judged again and
    says so.
    """
    if not day.workspace.results.was_judged(day.unit):
        return False
    try:
        require_predictions(day)
    except NoDataError:
        return True
    except SourceChangedError as error:
        logger.warning("%s keeps its verdict: %s", day.unit.key, error)
        return True
    except Exception as error:
        if not is_from_rows(error):
            raise
    return False


def kept_sentence(days: int) -> str:
    """Say how many days were skipped, and why."""
    noun, whose = ("day", "its") if days == 1 else ("days", "their")
    return f"{days} {noun} skipped: the source no longer has {whose} predictions"
