"""Digests by which artifacts and signatures are recognised again."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.models import ModelSignature

REFERENCE_FOLDER = "monitoring"
"""Where a version's reference lies, beside the model."""
ADDED_TO_MODELS = frozenset({REFERENCE_FOLDER, "registered_model_meta"})


def digest_signature(signature: "ModelSignature") -> str:
    """Return the SHA-256 of a signature: equal ones take the same columns."""
    signed = json.dumps(signature.to_dict(), sort_keys=True).encode()
    return hashlib.sha256(signed).hexdigest()


def digest_folder(folder: Path) -> str:
    """Return the SHA-256 of every file under `folder`, names and contents."""
    return _digest(folder, [path for path in folder.rglob("*") if path.is_file()])


def digest_model(folder: Path) -> str:
    """Return the SHA-256 of a model's files, names and contents.

    Left out is what is added to a model without changing it: Daywatch's reference,
    MLflow's note of where a download came from, and compiled code.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    return _digest(folder, [path for path in files if not is_added(path, folder)])


def is_added(path: Path, folder: Path) -> bool:
    """Whether a file under a model's `folder` was added beside the model.

    Args:
        path: The file; below `folder`.
        folder: Folder of the model's files.
    """
    parts = path.relative_to(folder).parts
    return parts[0] in ADDED_TO_MODELS or "__pycache__" in parts


def _digest(folder: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    # In one order and as POSIX paths: the digest is the same on every machine.
    for path in sorted(files):
        with path.open("rb") as content:
            file_digest = hashlib.file_digest(content, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {file_digest}\n".encode())
    return digest.hexdigest()
