"""The pieces of work, each for a process of its own; what is done is not done again."""

import json
import logging
import os
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.generalisation import places
from benchmarks.generalisation.answers import Look
from benchmarks.generalisation.cases import Case
from benchmarks.generalisation.data.making import MadeWorld, make_world
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.harm import Harm
from benchmarks.generalisation.peers.looks import ToolLook
from benchmarks.generalisation.scoring import Judged
from benchmarks.generalisation.truths import truth_of
from monitoring_tasks.settings import switch_off_telemetry


def be_quiet() -> None:
    """Silence the libraries of a worker; one thread each, for workers share cores."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    switch_off_telemetry()


def world(name: str) -> None:
    """Make the files of a world."""
    make_world(name, places.worlds() / name)


def history(name: str) -> None:
    """Live a world without any fault."""
    from benchmarks.generalisation.living import live_history

    live_history(name)


def case(asked: Case) -> None:
    """Work a case out and let Daywatch live it."""
    path = _path_of(places.DAYWATCH, asked.name)
    if path.is_file():
        return
    from benchmarks.generalisation.delivery import Delivered
    from benchmarks.generalisation.living import live_case

    delivered = Delivered(case=asked, made=_made(asked.world))
    with tempfile.TemporaryDirectory(prefix="daywatch-grammar-") as folder:
        looks = live_case(delivered, Path(folder))
    _save(
        path,
        {
            "harm": delivered.harm.to_json(),
            "looks": [look.to_json() for look in looks],
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerTask:
    """What peers are asked about in one piece: cases of a world, or its history.

    Attributes:
        world: Name of the world.
        tools: The peers.
        cases: Cases of that world; none: its days without any fault.
    """

    world: str
    tools: tuple[str, ...]
    cases: tuple[Case, ...] = ()


def peers(asked: PeerTask) -> None:
    """Hold before the peers what each of them has not answered yet.

    The days are written once for all peers and are gone afterwards.
    """
    lacking = {tool: _unanswered(tool, asked) for tool in asked.tools}
    if not any(lacking.values()):
        return
    from benchmarks.generalisation.peers.asking import ask
    from benchmarks.generalisation.peers.batches import Writer

    with tempfile.TemporaryDirectory(prefix="daywatch-peers-") as folder:
        writer = Writer(
            made=_made(asked.world),
            kept=places.fitted("nannyml", asked.world),
            folder=Path(folder),
        )
        wanted = {name: case for of in lacking.values() for name, case in of.items()}
        written = {
            name: writer.history() if case is None else writer.case(case)
            for name, case in wanted.items()
        }
        for tool, names in lacking.items():
            files = [written[name] for name in names]
            for name, looks in ask(tool, files, writer.contract, writer.kept).items():
                _save_peer(tool, name, looks)


def _unanswered(tool: str, asked: PeerTask) -> dict[str, Case | None]:
    """Return what a peer has not been asked yet, by name; None is the history."""
    names: dict[str, Case | None] = {case.name: case for case in asked.cases}
    return {
        name: case
        for name, case in (names or {asked.world: None}).items()
        if not _path_of(tool, name).is_file()
    }


def _made(world: str) -> MadeWorld:
    return MadeWorld(world=WORLDS[world], folder=places.worlds() / world)


def peer_looks(tool: str, name: str) -> list[ToolLook] | None:
    """Read what a peer said of a case, or of a world's history; None if not asked."""
    path = _path_of(tool, name)
    if not path.is_file():
        return None
    return [ToolLook.from_json(look) for look in json.loads(path.read_text())["looks"]]


def judged(asked: Case) -> Judged | None:
    """Read what became of a case; None if it was not asked."""
    path = _path_of(places.DAYWATCH, asked.name)
    if not path.is_file():
        return None
    kept = json.loads(path.read_text())
    harm = Harm(**kept["harm"])
    problem = WORLDS[asked.world].data.schema.problem
    truth = truth_of(asked.production, asked.cell.rows, harm, problem)
    looks = tuple(Look.from_json(look) for look in kept["looks"])
    return Judged(case=asked, harm=harm, truth=truth, looks=looks)


def clean_looks(name: str) -> list[Look]:
    """Read what was said of a world's history; nothing if it was not lived."""
    path = places.homes() / name / "clean.json"
    if not path.is_file():
        return []
    return [Look.from_json(look) for look in json.loads(path.read_text())]


def _path_of(tool: str, name: str) -> Path:
    return places.answers(tool) / f"{name}.json"


def _save_peer(tool: str, name: str, looks: Sequence[ToolLook]) -> None:
    _save(_path_of(tool, name), {"looks": [look.to_json() for look in looks]})


def _save(path: Path, facts: dict[str, Any]) -> None:
    """Write an answer; a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(facts))
    half.replace(path)
