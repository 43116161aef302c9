"""Whether the libraries that models come from work with each other as installed."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from monitoring_tasks.store.artifacts import read_flavors
from monitoring_tasks.store.flavour_trial import CLASSES
from monitoring_tasks.store.worker_environment import command, stripped_environment

TRIAL = Path(__file__).with_name("flavour_trial.py")
TRIAL_SECONDS = 180
"""Each library takes seconds to import; on a cold, busy machine tens of them."""
_LAST_CHARACTERS = 200


def flavour_faults(
    flavors: Sequence[str] = tuple(CLASSES), *, python: str = sys.executable
) -> dict[str, str]:
    """Faults of installed libraries, by MLflow flavour; empty when all of them work.

    Args:
        flavors: MLflow flavours to try; a contract's are `policy.versions.flavors`.
        python: The interpreter whose libraries are tried.
    """
    tried = try_flavours(flavors, python=python)
    return {name: fault for name, fault in tried.items() if fault}


def try_flavours(
    flavors: Sequence[str], *, python: str = sys.executable
) -> dict[str, str]:
    """Return the fault of each flavour that was tried; empty where it works.

    Each flavour is tried in a pipeline with scikit-learn, in another process: versions
    that import alone may fail beside each other. What the interpreter does not have
    is left out, as is a flavour that is not tried (`onnx`, `python_function`).

    Args:
        flavors: MLflow flavours.
        python: The interpreter whose libraries are tried.
    """
    supported = [name for name in flavors if name in CLASSES]
    with tempfile.TemporaryDirectory(prefix="daywatch-trial-") as scratch:
        answers = _try_all(supported, python, scratch)
    return {name: _worded(answer) for name, answer in answers.items()}


def _worded(answer: Mapping[str, str]) -> str:
    if not answer["fault"]:
        return ""
    return (
        f"{answer['libraries']} cannot fit and score a pipeline ({answer['fault']}); "
        "versions of this flavour cannot be scored: install versions of these "
        "libraries that fit each other"
    )


def libraries_named(folder: Path) -> tuple[str, ...]:
    """Flavours a model needs: those of its files and of its requirements.

    A pipeline of scikit-learn may end in a booster that only its requirements name.
    Whether they are installed the interpreter that scores has to say.

    Args:
        folder: The files of a model.

    Raises:
        RegistryError: If the folder holds no readable `MLmodel` file.
    """
    named = set(read_flavors(folder))
    required = folder / "requirements.txt"
    if required.is_file():
        lines = required.read_text(encoding="utf-8").lower().splitlines()
        packages = {re.split(r"[^a-z0-9_-]", line.strip())[0] for line in lines}
        named |= packages | ({"sklearn"} if "scikit-learn" in packages else set())
    return tuple(name for name in CLASSES if name in named)


def _try_all(
    flavors: Sequence[str], python: str, scratch: str
) -> dict[str, dict[str, str]]:
    """Try all in one process; should that end, each in one of its own."""
    if not flavors:
        return {}
    try:
        done = subprocess.run(  # noqa: S603 (our own file)
            [*command(TRIAL, python), *flavors],
            capture_output=True,
            text=True,
            timeout=TRIAL_SECONDS,
            check=False,
            cwd=scratch,
            env=stripped_environment(1, scratch, python),
        )
    except OSError as error:
        fault = f"{python} cannot be started ({type(error).__name__})"
    except subprocess.TimeoutExpired:
        fault = f"no answer within {TRIAL_SECONDS} seconds"
    else:
        try:
            answers: dict[str, dict[str, str]] = json.loads(done.stdout)
        except ValueError:
            # It crashed, as libraries may that each bring their own OpenMP.
            words = " ".join(done.stderr.split())[-_LAST_CHARACTERS:]
            fault = words or f"the process ended with code {done.returncode}"
        else:
            return answers
    # One library may have ended the process for all; alone each shows its own fault.
    if len(flavors) == 1:
        return {flavors[0]: {"libraries": flavors[0], "fault": fault}}
    alone = [_try_all([name], python, scratch) for name in flavors]
    return {name: answer for answers in alone for name, answer in answers.items()}
