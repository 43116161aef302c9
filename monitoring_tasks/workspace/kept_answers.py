"""What is dear to work out, kept in files under the workspace's `cache` folder.

A key is a text of all that an answer follows from: another contract or reference is
another file, so that nothing has to be forgotten. A file is whole or is not there.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks.disk import keep_if_allowed

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

LEVELS = ["__day__", "__row__"]
"""Names of the index that no feature has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswers:
    """Answers of one kind.

    Attributes:
        folder: Where their files lie.
        prefix: What their names begin with.
    """

    folder: Path
    prefix: str = ""

    def remember(
        self,
        key: str,
        make: Callable[[], Any],
        *,
        is_kept: Callable[[Any], bool] = lambda _: True,
    ) -> Any:  # noqa: ANN401 (JSON)
        """Return what `make` gave when `key` was first asked for, as JSON.

        Args:
            key: A text of all that the answer follows from.
            make: Works it out. Where this user may not write, every process does.
            is_kept: Whether an answer holds for good; any other is worked out anew.
        """
        path = self._path(key, "json")
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
        answer = make()
        if is_kept(answer):
            keep_if_allowed(path, json.dumps(answer))
        return answer

    def load_days(self, key: str) -> "dict[date, pd.DataFrame] | None":
        """Return the rows that were kept by day; None when none were."""
        import pandas as pd  # noqa: PLC0415 (heavy)

        path = self._path(key, "parquet")
        if not path.is_file():
            return None
        stack = pd.read_parquet(path)
        return {day: stack.loc[[day]] for day in stack.index.unique(level=0)}

    def save_days(self, key: str, days: "Mapping[date, pd.DataFrame]") -> None:
        """Keep rows by day.

        Args:
            key: A text of all that they follow from.
            days: At least one day.
        """
        import pandas as pd  # noqa: PLC0415 (heavy)

        path = self._path(key, "parquet")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            partial = Path(folder) / path.name
            pd.concat(days, names=LEVELS).to_parquet(partial)
            partial.replace(path)

    def _path(self, key: str, ending: str) -> Path:
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / f"{self.prefix}{digest}.{ending}"
