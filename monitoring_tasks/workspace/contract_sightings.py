"""What a live day is judged by is written down when it is seen for the first time."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks import __version__
from monitoring_tasks.contract.files import LoadedContract
from monitoring_tasks.domain.contract_versions import ContractVersion
from monitoring_tasks.domain.json_values import hash_json
from monitoring_tasks.domain.units import Mode

if TYPE_CHECKING:
    from monitoring_tasks.workspace.day import Day

SUITES = ("predictions", "labels")
UNREADABLE = "unreadable"


def see_contract(day: "Day") -> None:
    """Write down what a live day is judged by, where it is news; once a process.

    Other modes may try contracts that were never in force: they write nothing.

    Args:
        day: The day about to be judged.
    """
    if day.unit.mode is not Mode.LIVE:
        return
    workspace, model = day.workspace, day.model

    def see() -> bool:
        content = contract_content(workspace.loaded(model))
        version = ContractVersion(
            model=model,
            seen_at=workspace.clock.now(about=day.unit.as_of),
            day=day.day,
            digest=hash_json(content),
            daywatch=__version__,
            content=content,
        )
        return workspace.contract_versions.see(version)

    # The contract is read once a process as well.
    workspace.remember("contract seen", model, make=see)


def contract_content(loaded: LoadedContract) -> Mapping[str, Any]:
    """Return all that a model's days are judged by, as JSON: suites by their digest.

    Args:
        loaded: The contract, and the folder the suites lie in beside it.
    """
    return {
        "contract": loaded.contract.model_dump(mode="json"),
        "suites": {n: _digest_of(loaded.folder / f"{n}.json") for n in SUITES},
    }


def _digest_of(suite: Path) -> str | None:
    """Return the SHA-256 of a suite; None without one, and `unreadable` if it is."""
    if not suite.is_file():
        return None
    try:
        return hashlib.sha256(suite.read_bytes()).hexdigest()
    except OSError:
        # Validation says so of the day itself; here it is what was in force.
        return UNREADABLE
