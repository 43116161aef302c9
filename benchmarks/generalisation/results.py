"""The results kept: totals of both parts with commit and seed, and every reveal."""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from benchmarks.generalisation import places, work
from benchmarks.generalisation.cases import DEVELOPMENT
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.faults.grammar import SEED
from benchmarks.generalisation.peers.figures import ToolCase, by_rule
from benchmarks.generalisation.peers.looks import ToolLook, of_daywatch
from benchmarks.generalisation.scoring import (
    Judged,
    by_family,
    clean_summed,
    summed,
)
from benchmarks.generalisation.words import page
from monitoring_tasks.clock import SYSTEM_CLOCK


def gathered(
    part: str,
    judged: Sequence[Judged],
    worlds: Sequence[str],
    peers: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the figures of a part; by family those of the development alone.

    Args:
        part: `development` or `evaluation`.
        judged: Its cases.
        worlds: Whose clean days are counted.
        peers: Which peers stand beside Daywatch.
    """
    clean = {name: looks for name in worlds if (looks := work.clean_looks(name))}
    facts = {
        "part": part,
        "commit": _commit(),
        "sources": places.of_daywatch(),
        "seed": SEED,
        "cases": summed(judged),
        "clean": clean_summed(clean),
    }
    if peers:
        facts |= {"peers": side_by_side(judged, worlds, peers)}
    if part != DEVELOPMENT:
        return facts
    return facts | {"families": by_family(judged)}


def side_by_side(
    judged: Sequence[Judged], worlds: Sequence[str], peers: Sequence[str]
) -> dict[str, Any]:
    """Return the figures of all tools on the cases all of them were asked about.

    Args:
        judged: Cases Daywatch was asked about.
        worlds: Their worlds.
        peers: The peers.
    """
    cases = [case for each in judged if (case := _of_all(each, peers)) is not None]
    tools = (places.DAYWATCH, *peers)
    development = [world.name for world in WORLDS.values() if world.is_development]
    clean, quiet = (
        {tool: _histories(tool, names, peers) for tool in tools}
        for names in (worlds, development)
    )
    return {
        "cases": len(cases),
        "quiet worlds": sorted(quiet[places.DAYWATCH]),
        "sources": {tool: places.of_peer(tool) for tool in peers},
        "rules": by_rule(cases, clean, quiet, peers),
    }


def _of_all(judged: Judged, peers: Sequence[str]) -> ToolCase | None:
    """Return a case with the looks of all tools; None where one was not asked."""
    said = {tool: work.peer_looks(tool, judged.case.name) for tool in peers}
    looks = {tool: each for tool, each in said.items() if each is not None}
    if len(looks) < len(peers):
        return None
    mine = {places.DAYWATCH: of_daywatch(judged.looks)}
    return ToolCase(judged=judged, looks=looks | mine)


def _histories(
    tool: str, worlds: Sequence[str], peers: Sequence[str]
) -> dict[str, list[ToolLook]]:
    """Read what a tool said of the histories that all tools were asked about."""
    lived = {
        name: looks
        for name in worlds
        if (looks := work.clean_looks(name))
        and all(work.peer_looks(peer, name) is not None for peer in peers)
    }
    if tool == places.DAYWATCH:
        return {name: of_daywatch(looks) for name, looks in lived.items()}
    return {name: work.peer_looks(tool, name) or [] for name in lived}


def keep(part: str, facts: dict[str, Any]) -> None:
    """Write the figures of a part beside those of the other; the newest first."""
    kept = json.loads(places.RESULTS.read_text()) if places.RESULTS.is_file() else {}
    runs = [run for run in kept.get(part, []) if run["sources"] != facts["sources"]]
    kept[part] = [facts, *runs]
    places.RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    places.PAGE.write_text("\n".join(page(kept)) + "\n")


def record_reveal(judged: Sequence[Judged], *, why: str) -> None:
    """Write down which evaluation cases were looked at singly, when and why."""
    line = {
        "at": SYSTEM_CLOCK.now().isoformat(timespec="seconds"),
        "commit": _commit(),
        "cases": [one.case.number for one in judged],
        "why": why,
    }
    with places.REVEALS.open("a") as file:
        file.write(json.dumps(line) + "\n")


def _commit() -> str:
    """Return the commit, with a plus where files differ from it."""
    shown = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"],  # noqa: S607 (whatever git)
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip()
