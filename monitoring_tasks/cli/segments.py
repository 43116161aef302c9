"""`daywatch segments`: on which segments of the rows a model does worst."""

from monitoring_tasks.cli.options import (
    HomeOption,
    JsonOption,
    ModelArgument,
    OptionalDay,
)
from monitoring_tasks.cli.output import console, print_json, reported
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
        from monitoring_tasks.operations.views.segments import segments_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            weak = segments_view(workspace, model, day)
    if as_json:
        print_json(weak)
    else:
        console.print(f"{weak['model']} {weak['day']}:")
        print_segments(weak)


COMMANDS = (segments,)
