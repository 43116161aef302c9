"""The command that shows Daywatch at work: `demo`."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitoring_tasks.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from monitoring_tasks.cli.output import ExitCode, console, errors, print_json, reported

if TYPE_CHECKING:
    from monitoring_tasks.demo.airflow_home import AirflowRunner
    from monitoring_tasks.demo.pager import Pager
    from monitoring_tasks.demo.story import Demo


WHAT_IS_MADE = (
    "Real: the flights of 2013, their weather, planes and delays. Made: the fault of "
    "version 3, the unit change of 5 September, latencies, the clock, pager, kim."
)


def demo(
    *,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Remove the workspace and start over.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Watch a real model on real flights: caught, rolled back, verified.

    Trains three versions, judges eleven weeks, then lives eight days of September, five
    of them through Airflow, from the page to the end of the incident. Run again, it
    does only what is missing.

    Example: daywatch demo --fresh
    """
    folder = (home or DEFAULT_HOME).resolve()
    # Several processes share the machine; threads within each only get in the way.
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    os.environ["MLFLOW_LOGGING_LEVEL"] = "ERROR"  # it warns of the demo's own pickles
    with reported(folder):
        from monitoring_tasks.demo import story
        from monitoring_tasks.demo.airflow_home import AirflowRunner
        from monitoring_tasks.demo.pager import pager
        from monitoring_tasks.workspace.workspace import open_workspace

        if fresh:
            _remove(folder)
        started = time.monotonic()
        story.prepare(folder)
        _say(WHAT_IS_MADE)
        with ExitStack() as stack:
            # First: what is opened from here on sends its pages there.
            inbox = stack.enter_context(pager())
            workspace = stack.enter_context(open_workspace(folder))
            story_demo = story.Demo(workspace=workspace)
            # Airflow takes its time to load; meanwhile there is enough to do.
            missing = story_demo.untold(*story.STORY)
            airflow = stack.enter_context(AirflowRunner(folder)) if missing else None
            with _stage("1/5 train and register versions 1, 2, 3"):
                story_demo.train(_say)
            _history(story_demo)
            _september(story_demo, airflow, missing)
            lines = _end_incidents(story_demo)
        seconds = time.monotonic() - started
    if as_json:
        print_json(lines)
        return
    _print_inbox(inbox)
    _close(folder, lines, seconds)


def _september(
    story_demo: "Demo", airflow: "AirflowRunner | None", missing: list[date]
) -> None:
    if airflow is None:
        _say("4/5 live through September in Airflow: already done")
        return
    with _stage("4/5 live through September in Airflow"):
        for day in missing:
            _live_through(story_demo, airflow, day)


def _end_incidents(story_demo: "Demo") -> list[dict[str, object]]:
    """Live on until good days end the incidents; return the days of the story."""
    from monitoring_tasks.demo.story import AFTERMATH

    days = story_demo.untold(*AFTERMATH)
    if not days:
        _say("5/5 good days, and the end of the incident: already done")
        return _lines(story_demo)
    with _stage("5/5 good days, and the end of the incident"):
        for day in days:
            story_demo.live_through(day)
            _say(f"{day}: a good day")
        for incident in story_demo.resolve():
            _say(f"kim, on call, resolved {incident}")
            path = story_demo.draft_postmortem(incident)
            _say(f"its post-mortem is drafted: {_relative(path)}")
    return _lines(story_demo)


def _print_inbox(inbox: "Pager") -> None:
    """Print what the pager was sent; nothing where nothing was sent in this run."""
    lines = inbox.lines()
    if lines:
        console.print("\nwhat the pager was sent:", style="italic")
    for line in lines:
        console.print(f"  {line}")
    console.print()


def _history(story_demo: "Demo") -> None:
    from monitoring_tasks.cli.progress import day_bar
    from monitoring_tasks.demo.story import HISTORY

    for text, missing, work in (
        ("2/5 score and deliver", story_demo.undelivered(), story_demo.write_history),
        ("3/5 judge as known then", story_demo.unjudged(), story_demo.backfill),
    ):
        if not missing:
            _say(f"{text} {HISTORY[0]} to {HISTORY[1]}: already done")
            continue
        with day_bar(f"{text} {HISTORY[0]} to {HISTORY[1]}", len(missing)) as advance:
            work(missing, advance)


def _live_through(story_demo: "Demo", airflow: "AirflowRunner", day: date) -> None:
    from monitoring_tasks.errors import MonitoringError

    version = story_demo.begin_day(day)
    result = airflow.run("monitor_flight_delay", story_demo.conf(day))
    if result["state"] != "success":
        msg = f"the DAG run of {day} ended as {result['state']}: {result['tasks']}"
        raise MonitoringError(msg)
    _say(f"{day}: served by version {version}, all seven tasks ran")
    for incident in story_demo.answer_pages():
        _say(f"{day}: the pager rang, and kim took on {incident}")


def _lines(story_demo: "Demo") -> list[dict[str, object]]:
    from monitoring_tasks.demo.story import AFTERMATH, STORY
    from monitoring_tasks.demo.training import MODEL
    from monitoring_tasks.operations.views.days import days_view

    return days_view(story_demo.workspace, MODEL, STORY[0], AFTERMATH[1])


def _close(folder: Path, lines: list[dict[str, object]], seconds: float) -> None:
    from monitoring_tasks.cli.looking import print_days

    shown = _relative(folder)
    print_days("flight_delay", lines)
    for label, path in (
        ("report", "reports/index.html"),
        ("store", "daywatch.db"),
        ("MLflow", "mlflow.db"),
        ("Airflow home", "airflow"),
    ):
        console.print(f"{label:>13}: {shown}/{path}")
    option = "" if shown == str(DEFAULT_HOME) else f" --home {shown}"
    console.print(f"done in {seconds:.0f} s. Next:")
    for command in (
        "daywatch show flight_delay --day 2013-09-03",
        "daywatch incident show flight_delay-model-2013-09-02",
        "daywatch postmortem draft flight_delay-model-2013-09-02 --html",
        "daywatch rollback flight_delay --to 1 --reason 'see the guards refuse'",
    ):
        console.print(f"  {command}{option}")


def _relative(folder: Path) -> str:
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return str(folder)


def _remove(folder: Path) -> None:
    """Remove a workspace; anything that does not look like one is left alone."""
    if not folder.exists():
        return
    if not (folder / "daywatch.yaml").is_file():
        errors.print(f"{folder} is not a Daywatch workspace; remove it yourself")
        raise typer.Exit(ExitCode.FAULT)
    shutil.rmtree(folder)


@contextmanager
def _stage(text: str) -> Iterator[None]:
    started = time.monotonic()
    with errors.status(text):
        yield
    seconds = time.monotonic() - started
    errors.print(f"{text}: done in {seconds:.0f} s")


def _say(text: str) -> None:
    errors.print(text, style="dim")


COMMANDS = (demo,)
