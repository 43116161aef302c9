"""Does the judgement generalise? Faults drawn from a grammar, lived by Daywatch.

NannyML and Evidently see the same batches on the same mornings, unless the run is
narrowed or `--peers none` is said.

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
from benchmarks.generalisation.words import families, side_by_side, singly, totals
from benchmarks.judgement.places import EVIDENTLY_PYTHON

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
        quiet = _development() if asked.peers and asked.part == EVALUATION else ()
        jobs = jobs_of(cases, asked.peers, quiet)
        do(jobs, processes=asked.processes, console=console)
    judged = [one for case in cases if (one := work.judged(case)) is not None]
    is_open = asked.part == DEVELOPMENT or asked.reveal
    facts = results.gathered(asked.part, judged, names, asked.peers)
    if asked.reveal and asked.part == EVALUATION:
        results.record_reveal(judged, why=asked.reveal)
    beside = ("", *side_by_side(facts["peers"])) if asked.peers else ()
    for line in (*totals(facts), *beside):
        print(line)  # noqa: T201 (what was asked for)
    if is_open:
        for line in ("", *families(by_family(judged)), "", *singly(judged)):
            print(line)  # noqa: T201
    if asked.keep:
        results.keep(asked.part, facts)
        console.print(f"wrote {places.RESULTS.relative_to(places.ROOT)}")


def _development() -> list[str]:
    """Name the worlds on whose clean days the peers are made quiet."""
    return [name for name, world in WORLDS.items() if world.is_development]


def _peers(text: str) -> tuple[str, ...]:
    """Read which peers are asked."""
    names = () if text == "none" else tuple(text.split(","))
    unknown = [name for name in names if name not in places.PEERS]
    if unknown:
        msg = (
            f"no peer is called {', '.join(unknown)}: one of {', '.join(places.PEERS)}"
        )
        raise argparse.ArgumentTypeError(msg)
    if "evidently" in names and not EVIDENTLY_PYTHON.is_file():
        msg = "Evidently is not installed: `make .venv-evidently/.installed`"
        raise argparse.ArgumentTypeError(msg)
    return names


def _available() -> tuple[str, ...]:
    """Name the peers that are installed."""
    if EVIDENTLY_PYTHON.is_file():
        return places.PEERS
    console.print("Evidently is not installed (.venv-evidently); it is left out")
    return tuple(name for name in places.PEERS if name != "evidently")


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
    asked.add_argument(
        "--peers",
        type=_peers,
        help=f"`{','.join(places.PEERS)}`, one of them, or `none`; not given: those "
        "installed, and none where the run is narrowed",
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
    if given.peers is None:
        given.peers = () if narrowed else _available()
    return given


if __name__ == "__main__":
    main()
