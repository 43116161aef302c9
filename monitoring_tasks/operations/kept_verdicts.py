"""Judged days that keep their verdict: the source no longer has their predictions."""

from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.extract.step import read_rows
from monitoring_tasks.workspace.containment import is_from_rows
from monitoring_tasks.workspace.day import Day


def keeps_verdict(day: Day) -> bool:
    """Whether a day was judged by predictions that the source no longer has.

    Judged again it would be `no_data`, over a verdict that rests on more. Predictions
    that are there and cannot be read are news: the day is judged again and says so.
    """
    if not day.workspace.results.was_judged(day.unit):
        return False
    try:
        read_rows(day, PartitionKind.PREDICTIONS)
    except NoDataError:
        return True
    except Exception as error:
        if not is_from_rows(error):
            raise
    return False


def kept_sentence(days: int) -> str:
    """Say how many days were skipped, and why."""
    noun, whose = ("day", "its") if days == 1 else ("days", "their")
    return f"{days} {noun} skipped: the source no longer has {whose} predictions"
