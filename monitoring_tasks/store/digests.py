"""Digests by which artifacts and signatures are recognised again."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.models import ModelSignature


def digest_signature(signature: "ModelSignature") -> str:
    """Give the SHA-256 of a signature: equal ones take the same columns."""
    signed = json.dumps(signature.to_dict(), sort_keys=True).encode()
    return hashlib.sha256(signed).hexdigest()


def digest_folder(folder: Path) -> str:
    """Give the SHA-256 of every file under `folder`, names and contents."""
    digest = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()
