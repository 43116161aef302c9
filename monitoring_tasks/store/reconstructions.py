"""A reference's reconstruction as a file beside its profile: versioned JSON."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from monitoring_tasks.domain.reconstruction import Reconstruction
from monitoring_tasks.errors import DataError

RECONSTRUCTION_FORMAT = 1
"""Raised when a key of the file is renamed, means something else or is learnt anew."""
RECONSTRUCTION_FILE = "reconstruction.json"
_ADAPTER = TypeAdapter(Reconstruction)


def to_plain(reconstruction: Reconstruction) -> dict[str, Any]:
    """Return a reconstruction as JSON, every number to the last bit."""
    plain = _ADAPTER.dump_python(reconstruction, mode="json")
    return {"format": RECONSTRUCTION_FORMAT, **plain}


def from_plain(plain: dict[str, Any]) -> Reconstruction | None:
    """Return what `to_plain` wrote; None for another format than this one's.

    Raises:
        ValueError: If a number lacks or is none.
    """
    if plain.get("format") != RECONSTRUCTION_FORMAT:
        return None
    return _ADAPTER.validate_python({n: v for n, v in plain.items() if n != "format"})


def write_reconstruction(reconstruction: Reconstruction | None, folder: Path) -> None:
    """Write the reconstruction as `reconstruction.json`; none of it as `null`.

    Args:
        reconstruction: The reconstruction, if there is one.
        folder: The reference's folder.
    """
    # A registry adds files and takes none away: an older one would stay behind.
    plain = None if reconstruction is None else to_plain(reconstruction)
    (folder / RECONSTRUCTION_FILE).write_text(json.dumps(plain), encoding="utf-8")


def read_reconstruction(folder: Path) -> Reconstruction | None:
    """Read the reconstruction from a reference's folder.

    None where there is none this Daywatch reads: it is learnt from the rows then.

    Raises:
        DataError: If the file is broken.
    """
    path = folder / RECONSTRUCTION_FILE
    if not path.is_file():
        return None
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return None if plain is None else from_plain(plain)
    except (ValueError, TypeError, AttributeError) as error:
        why = "numbers lack" if isinstance(error, ValidationError) else error
        msg = (
            f"{path}: not a reconstruction ({why}); "
            "`daywatch reference --replace` logs the reference again"
        )
        raise DataError(msg) from error
