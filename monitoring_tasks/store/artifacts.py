"""Files of registered versions, fetched once, and only while they are what they were.

Whoever may write a registry's artifacts may exchange a model behind its number, so the
digest of a version's files is written into the journal, at registration or else when
they are first seen, and what differs from it later is never loaded.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from monitoring_tasks.domain.journal import Line
from monitoring_tasks.errors import RegistryError, VersionMissingError
from monitoring_tasks.store.digests import digest_folder, is_added
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.registry_reader import RegistryReader
from monitoring_tasks.store.versions import Version

ARTIFACT = "artifact"
"""The journal's word for: the files of a version have this digest."""
AT_REGISTRATION = "the digest that was recorded with the version"
AT_FIRST_SIGHT = "nobody recorded a digest with the version: the files as first seen"
MLMODEL = "MLmodel"
_SHOWN = 12
Stamp = frozenset[tuple[str, int, int, int, int]]


@dataclass(frozen=True, slots=True)
class _Held:
    """A copy whose digest this process has checked, as it looked then."""

    folder: Path
    stamp: Stamp


@dataclass
class Artifacts:
    """Local copies of versions' files, one folder a digest.

    Attributes:
        registry: Where the files come from.
        journal: Where their digests are remembered.
        cache: Folder of the copies; may be emptied at any time.
        now: The instant to write into the journal for a version.
    """

    registry: RegistryReader
    journal: Journal
    cache: Path
    now: Callable[[Version], datetime]
    _held: dict[tuple[str, str], _Held] = field(default_factory=dict)

    def folder(self, model: str, version: str, *, afresh: bool = False) -> Path:
        """Return a folder with the version's files, as they were recorded.

        Only files that are part of the digest lie in it. A process asks the registry
        once; until the copy changes, that answer holds.

        Args:
            model: Registered model name.
            version: The version.
            afresh: Whether to fetch the files again, whatever lies here already.

        Raises:
            VersionMissingError: If the version or its files are not there.
            RegistryError: If the files are not those that were recorded.
            SourceUnavailableError: If the registry does not answer.
        """
        held = self._held.get((model, version))
        if held and not afresh and _stamp(held.folder) == held.stamp:
            return held.folder
        # The journal's digest before the registry's: a tag can be changed by whoever
        # can change the files.
        registered = self.registry.version(model, version)
        journaled = self._journaled(model, version)
        expected = journaled or registered.artifact_digest
        folder = None if afresh else self._kept(registered, expected)
        folder = folder or self._fetch(registered, expected)
        if not journaled:
            self._journal(registered, folder.name)
        self._held[model, version] = _Held(folder, _stamp(folder))
        return folder

    def digest(self, model: str, version: str) -> str:
        """Return the SHA-256 of the version's files, as the registry holds them now.

        Args:
            model: Registered model name.
            version: The version.

        Raises:
            RegistryError: As `folder`.
        """
        return self.folder(model, version, afresh=True).name

    def _kept(self, registered: Version, digest: str) -> Path | None:
        """Find a sound copy; None also when the registry holds other files by now."""
        folder = self.cache / digest
        if not digest or not folder.is_dir() or digest_folder(folder) != digest:
            return None
        listed = self.registry.list_files(registered.model, registered.version)
        named = {name for name in listed if not is_added(folder / name, folder)}
        if named != {path.name for path in folder.iterdir()}:
            return None
        sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
        differ = any(listed[name] not in {None, sizes[name]} for name in named)
        return None if differ else folder

    def _fetch(self, registered: Version, expected: str) -> Path:
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.cache) as scratch:
            target = Path(scratch) / "model"
            fetched = self.registry.download(
                registered.model, registered.version, target
            )
            # First: what is not part of the digest would be loaded unchecked.
            _drop_added(fetched)
            digest = digest_folder(fetched)
            if not any(fetched.iterdir()):
                msg = f"the registry holds no files of {_name(registered)}"
                raise VersionMissingError(msg)
            if expected and digest != expected:
                msg = (
                    f"the files of {_name(registered)} were changed: their digest was "
                    f"{expected[:_SHOWN]} and is {digest[:_SHOWN]}. They were not "
                    "loaded; register the files you mean as a new version"
                )
                raise RegistryError(msg)
            return _keep(fetched, self.cache / digest)

    def _journaled(self, model: str, version: str) -> str:
        """Return the digest in the journal; the first line about a version counts."""
        for line in self.journal.lines_in(ARTIFACT, model=model):
            if line.to_version == version:
                return line.evidence_digest
        return ""

    def _journal(self, registered: Version, digest: str) -> None:
        self.journal.append(
            Line(
                key=f"{registered.model}/{registered.version}",
                state=ARTIFACT,
                at=self.now(registered),
                model=registered.model,
                to_version=registered.version,
                reason=AT_REGISTRATION
                if registered.artifact_digest
                else AT_FIRST_SIGHT,
                actor="daywatch",
                evidence_digest=digest,
            )
        )


def read_flavors(folder: Path) -> dict[str, dict[str, Any]]:
    """Read a model's flavours, each with its settings, without loading anything.

    Raises:
        RegistryError: If the folder holds no readable `MLmodel` file.
    """
    try:
        described = yaml.safe_load((folder / MLMODEL).read_text(encoding="utf-8"))
        flavors = described["flavors"]
        return {str(name): dict(flavors[name] or {}) for name in flavors}
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        msg = f"its {MLMODEL} file cannot be read ({type(error).__name__})"
        raise RegistryError(msg) from error


def _keep(fetched: Path, kept: Path) -> Path:
    """Move a fetched folder where it is kept, unless a sound copy is there by now."""
    if kept.is_dir() and digest_folder(kept) == kept.name:
        return kept
    shutil.rmtree(kept, ignore_errors=True)
    try:
        fetched.rename(kept)
    except OSError:
        # Another process was faster; what it keeps is checked as anything else is.
        if not kept.is_dir() or digest_folder(kept) != kept.name:
            raise
    return kept


def _drop_added(folder: Path) -> None:
    """Remove what the digest leaves out: nothing unchecked is ever loaded."""
    for path in list(folder.rglob("*")):
        if not is_added(path, folder):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _stamp(folder: Path) -> Stamp:
    """Say how the files look without reading them; a write changes it."""
    states = [(path, path.stat()) for path in folder.rglob("*") if path.is_file()]
    return frozenset(
        (str(path), at.st_size, at.st_mtime_ns, at.st_ctime_ns, at.st_ino)
        for path, at in states
    )


def _name(registered: Version) -> str:
    return f"version {registered.version} of model '{registered.model}'"
