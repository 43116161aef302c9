"""Is an alarm right? Daywatch, NannyML and Evidently on the same days.

    make bench-judgement
    python -m benchmarks.judgement --world flights --part faults --tool daywatch

Finished work is kept in `.bench-judgement/` and not done again unless what it was made
from has changed. The results hold whatever has been asked so far.
"""

import argparse
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from benchmarks.judgement import places, work
from benchmarks.judgement.cases import Case, Kind
from benchmarks.judgement.catalogue import CASES
from benchmarks.judgement.fleet import FLEET_CASES, FleetCase
from benchmarks.judgement.report import write
from benchmarks.judgement.rules import SPLITS
from benchmarks.judgement.worlds import WATCHED, WORLDS

TOOLS = ("daywatch", "nannyml", "evidently")
RELEASES = {
    Kind.RELEASE,
    Kind.MILD_RELEASE,
    Kind.GOOD_RELEASE,
    Kind.UNFAIR_RELEASE,
}
PROCESSES = 2
BATCH = 12
"""Cases that a peer is asked about in one piece of work."""
Job = tuple[Callable[..., object], tuple[Any, ...]]
console = Console(stderr=True)


def main() -> None:
    """Do what is missing of what was asked for, then write the results of all."""
    asked = _arguments()
    places.settle()
    tools = [tool for tool in TOOLS if tool in (asked.tool or TOOLS)]
    if "evidently" in tools and not places.EVIDENTLY_PYTHON.is_file():
        console.print("Evidently is not installed (.venv-evidently); it is left out")
        tools.remove("evidently")
    names = [name for name in WORLDS if asked.world in (None, name)]
    cases = [case for case in CASES if _wanted(case, asked) and case.world in names]
    fleets = [case for case in FLEET_CASES if _is_fleet_wanted(case, asked)]
    if not asked.report_only:
        _answer(tools, names, cases, fleets)
    for path in write():
        console.print(f"wrote {path.relative_to(places.ROOT)}")


def _answer(
    tools: list[str],
    watched: Sequence[str],
    cases: Sequence[Case],
    fleets: Sequence[FleetCase],
) -> None:
    """Ask what was not asked yet; a case of the fleet needs all of its models."""
    parts = [part for case in fleets for part in case.parts]
    airports = [name for name in WORLDS if name not in WATCHED] if fleets else []
    names = [*(name for name in watched if name in WATCHED), *airports]
    _do("worlds", [(work.make_world, (name,)) for name in names])
    _do("cases", [(work.delivered, (case,)) for case in (*cases, *parts)])
    _do("clean days and peers", _clean(names, (*cases, *parts), tools))
    if "daywatch" not in tools:
        return
    _do("faults", [(work.daywatch_case, (case,)) for case in _by_world(cases)])
    _do("fleet", [(work.fleet_home, ())] if fleets else [])
    _do("fleet", [(work.daywatch_fleet, (case,)) for case in fleets])


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(
        prog="benchmarks.judgement",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("--world", choices=tuple(WORLDS))
    asked.add_argument("--part", choices=("clean", "faults", "releases"))
    asked.add_argument("--split", choices=SPLITS)
    asked.add_argument("--tool", choices=TOOLS, action="append")
    asked.add_argument("--fault", help="only cases whose name holds this text")
    asked.add_argument("--report-only", action="store_true")
    return asked.parse_args()


def _wanted(case: Case, asked: argparse.Namespace) -> bool:
    part = "releases" if case.kind in RELEASES else "faults"
    return (
        asked.part in (None, part)
        and asked.split in (None, case.split)
        and (asked.fault or "") in case.name
    )


def _is_fleet_wanted(case: FleetCase, asked: argparse.Namespace) -> bool:
    return (
        (asked.world is None or asked.world in case.hit)
        and asked.part in (None, "faults")
        and asked.split in (None, SPLITS[0])
        and (asked.fault or "") in case.name
    )


def _clean(names: Sequence[str], cases: Sequence[Case], tools: list[str]) -> list[Job]:
    """List the clean replays, the longest first, and the peers in batches."""
    jobs: list[Job] = []
    if "daywatch" in tools:
        watched = sorted(WATCHED, key=lambda name: -len(WORLDS[name].days))
        jobs += [(work.daywatch_clean, (name,)) for name in watched if name in names]
    peers = {"evidently": work.evidently, "nannyml": work.nannyml}
    for tool, ask in peers.items():
        if tool not in tools:
            continue
        for name in names:
            if name in WATCHED:
                jobs.append((ask, (name, [])))
            mine = [case for case in cases if case.world == name]
            jobs += [
                (ask, (name, mine[at : at + BATCH]))
                for at in range(0, len(mine), BATCH)
            ]
    return jobs


def _by_world(cases: Sequence[Case]) -> list[Case]:
    """Put the cases of a world side by side: a process keeps its scoring worker."""
    return sorted(cases, key=lambda case: (case.world, -case.count))


def _do(what: str, jobs: Sequence[Job]) -> None:
    if not jobs:
        return
    columns = (*Progress.get_default_columns()[:3], MofNCompleteColumn())
    context = get_context("spawn")
    with (
        Progress(*columns, TimeElapsedColumn(), console=console) as bar,
        ProcessPoolExecutor(
            PROCESSES, mp_context=context, initializer=work.be_quiet
        ) as pool,
    ):
        task = bar.add_task(what, total=len(jobs))
        waiting = [pool.submit(call, *given) for call, given in jobs]
        for done in as_completed(waiting):
            done.result()
            bar.update(task, advance=1)


if __name__ == "__main__":
    main()
