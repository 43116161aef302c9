"""Local copies of references, one folder for each digest."""

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

from monitoring_tasks.store.digests import digest_folder


class ReferenceFolders:
    """Copies of what is kept beside versions; one that was changed is fetched again.

    Attributes:
        cache: The folder they lie in.
    """

    def __init__(self, cache: Path | None) -> None:
        """Remember where the copies lie.

        Args:
            cache: Their folder, made with the first copy; None for one that goes with
                this object.
        """
        self.cache = cache or self._own_cache()

    def folder(self, digest: str, *, fetch: Callable[[Path], Path]) -> Path | None:
        """Return the folder whose files have a digest; fetch it where it is absent.

        Args:
            digest: SHA-256 of the files.
            fetch: Puts the files into an empty folder and says where they lie.

        Returns:
            None where what was fetched has another digest.
        """
        kept = self.cache / digest
        if kept.is_dir() and digest_folder(kept) == digest:
            return kept
        self.cache.mkdir(parents=True, exist_ok=True)
        # On the same disk, so that moving the folder is one step and never half done.
        with tempfile.TemporaryDirectory(dir=self.cache) as scratch:
            fetched = fetch(Path(scratch))
            if digest_folder(fetched) != digest:
                return None
            shutil.rmtree(kept, ignore_errors=True)
            fetched.replace(kept)
        return kept

    def _own_cache(self) -> Path:
        folder = tempfile.mkdtemp(prefix="daywatch-references-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)
