"""What a registry in a SQLite file said, kept while nobody writes into it.

To ask MLflow takes seconds, for it has to be imported; to see that nobody wrote into
the file takes none. A registry of any other kind is asked each time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from monitoring_tasks.disk import keep_if_allowed

Answer = TypeVar("Answer")

HEADER_BYTES = 100
ROLLBACK_JOURNAL = b"\x01\x01"
"""Bytes 18 and 19 of a file in which every transaction raises the counter."""


@dataclass(frozen=True, kw_only=True)
class RegistryAnswers:
    """Answers of a registry, beside the state of the file in which they were true.

    Attributes:
        registry: The registry's file; None for a registry that is none.
        kept: The file of the answers; None to keep none.
    """

    registry: Path | None
    kept: Path | None

    def answer(self, *question: str, ask: Callable[[], Answer]) -> Answer:
        """Return the answer to a question, asked for where the registry has changed.

        Args:
            question: What is asked, and about what.
            ask: Asks the registry; its answer comes back as JSON would give it. What it
                raises is not kept.
        """
        state = self._state()
        if state is None or self.kept is None:
            return ask()
        answers = self._answers(state)
        key = json.dumps(question)
        if key in answers:
            return cast("Answer", answers[key])
        asked = ask()
        # Somebody wrote meanwhile: of which state the answer is, nobody can say.
        if self._state() == state:
            content = {"state": state, "answers": answers | {key: asked}}
            keep_if_allowed(self.kept, json.dumps(content))
        return asked

    def _answers(self, state: list[Any]) -> dict[str, Any]:
        try:
            content = json.loads(self.kept.read_text("utf-8")) if self.kept else {}
            return dict(content["answers"]) if content["state"] == state else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def _state(self) -> list[Any] | None:
        """Return what changes with every transaction; None where nothing tells.

        References:
            SQLite, Database File Format, 1.3.6: File change counter.
        """
        if self.registry is None:
            return None
        try:
            with self.registry.open("rb") as file:
                header = file.read(HEADER_BYTES)
            facts = self.registry.stat()
        except OSError:
            return None  # MLflow says better what is wrong with it
        if header[18:20] != ROLLBACK_JOURNAL:
            return None
        # The counter tells of every change of this file; the rest tells of a file put
        # in its place, be it a backup, whose counter may come to the same number.
        return [
            str(self.registry),
            header.hex(),
            *(facts.st_dev, facts.st_ino, facts.st_size),
            *(facts.st_mtime_ns, facts.st_ctime_ns),
        ]
