"""`daywatch segments`: on which segments of the rows a model does worst."""

from monitoring_tasks.cli.looking import OptionalDay
from monitoring_tasks.cli.output import (
    HomeOption,
    JsonOption,
    ModelArgument,
    print_json,
    reported,
)
from monitoring_tasks.cli.segment_table import print_segments


def segments(
    model: ModelArgument,
    *,
    day: OptionalDay = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Name the segments on which a model did worst on a day and the days before it.

    Searched among the labelled rows now; nothing is written. The segments are found on
    one half of the rows and measured on the other.

    Example: daywatch segments flight_delay --day 2013-09-03
    """
    with reported(home):
        from monitoring_tasks.domain.units import Unit
        from monitoring_tasks.estimate.step import weak_segments
        from monitoring_tasks.estimate.weak_segment_evidence import as_evidence
        from monitoring_tasks.operations.views.days import day_view, newest_day
        from monitoring_tasks.workspace.day import Day
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            key = day_view(workspace, model, day or newest_day(workspace, model))["key"]
            unit = Unit.from_key(key)
            found = as_evidence(weak_segments(Day(workspace, unit)))
    if as_json:
        print_json({"model": model, "day": unit.day.isoformat()} | found)
    else:
        print_segments(found)


COMMANDS = (segments,)
