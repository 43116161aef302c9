"""Does the judgement generalise? Faults drawn from a grammar, lived by Daywatch.

    make bench-generalise
    python -m benchmarks.generalisation --part evaluation --cases 400

Finished work is kept in `.bench-generalisation/` and not done again unless what it was
made from has changed. Of the evaluation only totals are printed; `--reveal` prints its
cases and writes that down in `reveals.jsonl`: what was revealed proves less.
"""

import argparse

from rich.console import Console

from benchmarks.generalisation import places, results, work
from benchmarks.generalisation.cases import DEVELOPMENT, EVALUATION, first_cases
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.schedule import do, jobs_of
from benchmarks.generalisation.scoring import by_family
from benchmarks.generalisation.words import families, singly, totals

PROCESSES = 2
SHORT = 60
"""Cases of a run that is asked nothing more."""
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
        do(jobs_of(cases), processes=asked.processes, console=console)
    judged = [one for case in cases if (one := work.judged(case)) is not None]
    is_open = asked.part == DEVELOPMENT or asked.reveal
    facts = results.gathered(asked.part, judged, names)
    if asked.reveal and asked.part == EVALUATION:
        results.record_reveal(judged, why=asked.reveal)
    for line in totals(facts):
        print(line)  # noqa: T201 (what was asked for)
    if is_open:
        for line in ("", *families(by_family(judged)), "", *singly(judged)):
            print(line)  # noqa: T201
    if asked.keep:
        results.keep(asked.part, facts)
        console.print(f"wrote {places.RESULTS.relative_to(places.ROOT)}")


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
    if given.keep and narrowed:
        asked.error("--keep writes the figures of a whole part: leave the filters out")
    return given


if __name__ == "__main__":
    main()
