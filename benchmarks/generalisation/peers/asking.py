"""Both peers asked about the files of cases, or of a history; answers by lived day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.generalisation.peers.batches import BATCH, BOTH, LABELS, BatchFiles
from benchmarks.generalisation.peers.looks import ToolLook, of_answer
from benchmarks.judgement import run_nannyml
from benchmarks.judgement.answers import Answer
from benchmarks.judgement.evidently_process import ask_evidently, evidently_job
from benchmarks.judgement.nannyml_fits import Watch, outputs_of
from monitoring_tasks.contract.contract import Contract

NANNYML, EVIDENTLY = "nannyml", "evidently"
OF_BATCH = ("drift", "multivariate", "missing", "unseen", "estimated")
CALCULATORS = {
    BATCH: OF_BATCH,
    LABELS: ("realized",),
    BOTH: (*OF_BATCH, "realized"),
}
"""What NannyML is asked of which part: outcomes once, when their labels are due."""
PRESETS = {
    BATCH: ("drift", "summary"),
    LABELS: ("performance",),
    BOTH: ("drift", "summary", "performance"),
}
EVERY = 3
"""Evidently takes up to seconds a day: of a history it is asked every so many."""
Looks = list[ToolLook]


def ask(
    tool: str, files: Sequence[BatchFiles], contract: Contract, kept: Path
) -> dict[str, Looks]:
    """Return what a peer says, by name of the case or the world.

    Args:
        tool: `nannyml` or `evidently`.
        files: Days of one world.
        contract: Which column is what.
        kept: Where NannyML's fitted calculators of the world are kept.
    """
    if tool == NANNYML:
        return {each.name: _nannyml(each, contract, kept) for each in files}
    return _evidently([_thinned(each) for each in files], contract)


def _thinned(files: BatchFiles) -> BatchFiles:
    """Return a history with some of its days; of a case all of them."""
    if not files.is_history:
        return files
    parts = {
        part: [each for each in mornings if each[0].number % EVERY == 0]
        for part, mornings in files.parts.items()
    }
    return replace(files, parts=parts)


def _nannyml(files: BatchFiles, contract: Contract, kept: Path) -> Looks:
    answers: dict[str, list[Answer]] = {}
    for part, mornings in files.parts.items():
        watch = Watch(
            calculators=CALCULATORS[part],
            with_outputs=True,
            kept=None if files.is_release else kept,
        )
        days = [(morning.day, path) for morning, path in mornings]
        answers[part] = run_nannyml.judge(days, files.reference, contract, watch)
    return _in_order(files, answers)


def _evidently(files: Sequence[BatchFiles], contract: Contract) -> dict[str, Looks]:
    units = [
        {
            "name": f"{each.name}/{part}",
            "reference": str(each.reference),
            "presets": PRESETS[part],
            "days": [[str(morning.day), str(path)] for morning, path in mornings],
        }
        for each in files
        for part, mornings in each.parts.items()
    ]
    job = evidently_job(contract, units, outputs=outputs_of(contract))
    answered = ask_evidently(job)
    return {
        each.name: _in_order(
            each, {part: answered[f"{each.name}/{part}"] for part in each.parts}
        )
        for each in files
    }


def _in_order(files: BatchFiles, answers: Mapping[str, Sequence[Answer]]) -> Looks:
    looks = [
        of_answer(morning, answer)
        for part, mornings in files.parts.items()
        for (morning, _), answer in zip(mornings, answers[part], strict=True)
    ]
    return sorted(looks, key=lambda look: (look.lived, look.day))
