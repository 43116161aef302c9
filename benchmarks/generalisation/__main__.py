"""Does the judgement generalise? Faults drawn from a grammar, lived by Daywatch.

    make bench-generalise
    python -m benchmarks.generalisation --part evaluation --cases 400

Finished work is kept in `.bench-generalisation/` and not done again unless what it was
made from has changed. Of the evaluation only totals are printed; `--reveal` prints its
cases and writes that down in `reveals.jsonl`: what was revealed proves less.
"""

import argparse
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from benchmarks.generalisation import places, results, work
from benchmarks.generalisation.cases import DEVELOPMENT, EVALUATION, Case, first_cases
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.words import families, singly, totals

PROCESSES = 2
SHORT = 60
"""Cases of a run that is asked nothing more."""
Job = tuple[Callable[..., object], tuple[Any, ...]]
console = Console(stderr=True)


def main() -> None:
    """Do what is missing of what was asked for, print it, keep the totals."""
    asked = _arguments()
    places.settle()
    cases = [
        case
        for case in first_cases(asked.part, asked.cases)
        if asked.family in (None, case.family)
        and asked.world in (None, case.world)
        and (asked.fault or "") in case.cell.production
    ]
    needed = {case.world for case in cases}
    names = [name for name in WORLDS if name in needed]
    if not asked.report_only:
        _answer(names, cases, processes=asked.processes)
    judged = [one for case in cases if (one := work.judged(case)) is not None]
    is_open = asked.part == DEVELOPMENT or asked.reveal
    facts = results.gathered(asked.part, judged, names, is_open=is_open)
    if asked.reveal and asked.part == EVALUATION:
        results.record_reveal(judged, why=asked.reveal)
    for line in totals(facts):
        print(line)  # noqa: T201 (what was asked for)
    if is_open:
        for line in ("", *families(facts["families"]), "", *singly(judged)):
            print(line)  # noqa: T201
    if asked.keep:
        results.keep(asked.part, facts)
        console.print(f"wrote {places.RESULTS.relative_to(places.ROOT)}")


def _answer(names: Sequence[str], cases: Sequence[Case], *, processes: int) -> None:
    by_size = sorted(names, key=lambda name: -WORLDS[name].rows_a_day)
    _do("worlds", [(work.world, (name,)) for name in by_size], processes)
    _do("histories", [(work.history, (name,)) for name in by_size], processes)
    # Side by side: a process keeps the scoring worker of a world.
    order = sorted(cases, key=lambda case: (by_size.index(case.world), case.number))
    _do("cases", [(work.case, (case,)) for case in order], processes)


def _do(what: str, jobs: Sequence[Job], processes: int) -> None:
    columns = (*Progress.get_default_columns()[:3], MofNCompleteColumn())
    context = get_context("spawn")
    with (
        Progress(*columns, TimeElapsedColumn(), console=console) as bar,
        ProcessPoolExecutor(
            processes, mp_context=context, initializer=work.be_quiet
        ) as pool,
    ):
        task = bar.add_task(what, total=len(jobs))
        waiting = [pool.submit(call, *given) for call, given in jobs]
        for done in as_completed(waiting):
            done.result()
            bar.update(task, advance=1)


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(
        prog="benchmarks.generalisation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("--part", choices=(DEVELOPMENT, EVALUATION), default=DEVELOPMENT)
    asked.add_argument("--cases", type=int, default=SHORT, help="the first N cases")
    asked.add_argument("--family", help="where the fault lies, such as `input`")
    asked.add_argument("--fault", help="only faults whose name holds this text")
    asked.add_argument("--world", choices=list(WORLDS), help="only this world")
    asked.add_argument(
        "--reveal", metavar="WHY", help="print evaluation cases singly, and record why"
    )
    asked.add_argument("--processes", type=int, default=PROCESSES)
    asked.add_argument("--keep", action="store_true", help="write results.json")
    asked.add_argument("--report-only", action="store_true")
    given = asked.parse_args()
    narrowed = given.family or given.fault or given.world
    if given.part == EVALUATION and narrowed and not given.reveal:
        asked.error("part of the evaluation tells of single cases: say --reveal WHY")
    return given


if __name__ == "__main__":
    main()
