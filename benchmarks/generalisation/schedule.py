"""The order of the work: a world, its history, its cases; small worlds first."""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from benchmarks.generalisation import work
from benchmarks.generalisation.cases import Case
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.work import PeerTask

AT_ONCE = 12
"""Cases peers are asked about in one piece: Evidently takes seconds to start."""


@dataclass(frozen=True, slots=True)
class Job:
    """A call, and the jobs that can begin once it is done."""

    call: Callable[..., object]
    given: object
    then: tuple["Job", ...] = ()

    @property
    def count(self) -> int:
        """How many jobs it is, those after it too."""
        return 1 + sum(job.count for job in self.then)


def jobs_of(
    cases: Sequence[Case], peers: Sequence[str] = (), quiet: Collection[str] = ()
) -> list[Job]:
    """Return the work on the worlds of cases, those with the fewest rows first.

    Args:
        cases: What Daywatch and the peers are asked.
        peers: Names of the peers.
        quiet: More worlds whose days without any fault are asked.
    """
    names = {*(case.world for case in cases), *quiet}
    jobs = []
    for name in sorted(names, key=lambda name: WORLDS[name].rows_a_day):
        of_world = [case for case in cases if case.world == name]
        lived = tuple(Job(work.case, case) for case in of_world)
        history = Job(work.history, name, lived)
        jobs.append(Job(work.world, name, (history, *_of_peers(name, of_world, peers))))
    return jobs


def _of_peers(world: str, cases: Sequence[Case], peers: Sequence[str]) -> Iterator[Job]:
    """Yield what peers are asked of a world: its history, its cases some at a time."""
    if not peers:
        return
    tools = tuple(peers)
    yield Job(work.peers, PeerTask(world=world, tools=tools))
    for at in range(0, len(cases), AT_ONCE):
        some = tuple(cases[at : at + AT_ONCE])
        yield Job(work.peers, PeerTask(world=world, tools=tools, cases=some))


def do(jobs: Sequence[Job], *, processes: int, console: Console) -> None:
    """Do all jobs; what can begin because of another one goes before new worlds."""
    columns = (*Progress.get_default_columns()[:3], MofNCompleteColumn())
    with (
        Progress(*columns, TimeElapsedColumn(), console=console) as bar,
        ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=work.be_quiet
        ) as pool,
    ):
        task = bar.add_task("cases", total=sum(job.count for job in jobs))
        waiting, running = deque(jobs), dict[Future[object], Job]()
        while waiting or running:
            while waiting and len(running) < processes:
                job = waiting.popleft()
                running[pool.submit(job.call, job.given)] = job
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
                waiting.extendleft(reversed(running.pop(future).then))
                bar.update(task, advance=1)
