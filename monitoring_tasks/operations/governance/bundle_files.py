"""Files with a manifest of their digests, as a folder or a zip; the same every time."""

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from monitoring_tasks.domain.json_values import JsonObject, plain_json
from monitoring_tasks.errors import UnreadableDataError

MANIFEST = "manifest.json"
FIRST_INSTANT = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can hold: no bundle says when it was written."""
NAME_DIGITS = 12
_NAMED = re.compile(rf"-([0-9a-f]{{{NAME_DIGITS}}})(?:\.zip)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Files by their path, and what the manifest says of them.

    Attributes:
        files: Content by path, the manifest left out.
        about: What they are, JSON only; the digests are added.
    """

    files: Mapping[str, bytes]
    about: JsonObject

    @property
    def manifest(self) -> bytes:
        """The manifest, with size and SHA-256 of every file."""
        listed = [
            {"path": path, "bytes": len(content), "sha256": sha256(content)}
            for path, content in sorted(self.files.items())
        ]
        return document({**self.about, "files": listed})

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest: it stands for all of the files."""
        return sha256(self.manifest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of a bundle since it was written.

    Attributes:
        path: Where it lies.
        digest: SHA-256 of its manifest.
        about: What the manifest says.
        faults: A sentence for each file that is not as it was; empty when all are.
    """

    path: Path
    digest: str
    about: JsonObject
    faults: tuple[str, ...]


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a content, hex."""
    return hashlib.sha256(content).hexdigest()


def document(value: Any) -> bytes:  # noqa: ANN401 (any JSON)
    """Return a value as JSON that is the same for the same value."""
    text = json.dumps(plain_json(value), indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def write_bundle(bundle: Bundle, folder: Path, name: str, *, as_zip: bool) -> Path:
    """Write a bundle under a name that ends in its digest; one there stays.

    Args:
        bundle: What is written.
        folder: Where; made if it is not there.
        name: What the name begins with.
        as_zip: Whether as one file rather than a folder.

    Returns:
        Where it lies.
    """
    named = f"{name}-{bundle.digest[:NAME_DIGITS]}"
    target = folder / (f"{named}.zip" if as_zip else named)
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    # Put in place in one step: nothing half written gets the final name.
    partial = target.with_name(f".{target.name}.part")
    content = {**bundle.files, MANIFEST: bundle.manifest}
    if as_zip:
        _write_zip(partial, content)
    else:
        shutil.rmtree(partial, ignore_errors=True)
        write_files(partial, content)
    partial.replace(target)
    return target


def write_files(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write files below a folder.

    Args:
        folder: The folder.
        content: Content by path.
    """
    for path, text in sorted(content.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)


def _write_zip(path: Path, content: Mapping[str, bytes]) -> None:
    # Stored: what a compression library makes of the same bytes may change.
    with ZipFile(path, "w", compression=ZIP_STORED) as archive:
        for name, text in sorted(content.items()):
            archive.writestr(ZipInfo(name, date_time=FIRST_INSTANT), text)


def check_bundle(path: Path) -> Checked:
    """Hold every file of a bundle, or of an export, against its manifest.

    Args:
        path: A folder or a zip.

    Raises:
        UnreadableDataError: If it is neither, or has no manifest that can be read.
    """
    content = _read(path)
    manifest = content.pop(MANIFEST, b"")
    try:
        about = json.loads(manifest)
        listed = {file["path"]: file["sha256"] for file in about["files"]}
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path}: has no {MANIFEST} that can be read; it is no bundle"
        raise UnreadableDataError(msg) from error
    faults = [f"{name}: is missing" for name in sorted(listed.keys() - content.keys())]
    faults += [
        f"{name}: is not in the manifest"
        for name in sorted(content.keys() - listed.keys())
    ]
    faults += [
        f"{name}: was changed"
        for name in sorted(listed.keys() & content.keys())
        if sha256(content[name]) != listed[name]
    ]
    digest = sha256(manifest)
    named = _NAMED.search(path.resolve().name)
    if named and not digest.startswith(named[1]):
        faults.append(f"{MANIFEST}: is not the one the name was made of")
    return Checked(path=path, digest=digest, about=about, faults=tuple(faults))


def _read(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        return {
            file.relative_to(path).as_posix(): file.read_bytes()
            for file in path.rglob("*")
            if file.is_file()
        }
    try:
        with ZipFile(path) as archive:
            return {name: _member(archive, name) for name in archive.namelist()}
    except (OSError, BadZipFile) as error:
        msg = f"{path}: is neither a folder nor a zip that can be read ({error})"
        raise UnreadableDataError(msg) from error


def _member(archive: ZipFile, name: str) -> bytes:
    """Return a file of a zip; nothing of one whose checksum does not hold."""
    try:
        return archive.read(name)
    except BadZipFile:
        return b""
