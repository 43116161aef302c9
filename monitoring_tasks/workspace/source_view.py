"""One view of a day's rows, held open from one step to the next of the same process."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from monitoring_tasks.errors import SourceUnavailableError

if TYPE_CHECKING:
    from monitoring_tasks.workspace.open_source import OpenSource

Open = Callable[[], "AbstractContextManager[OpenSource]"]


class SourceView:
    """What was opened of a day's source, while steps share it.

    Only a snapshot is held: in it no step can see other rows than the one before. What
    shows others as soon as they are there, as files do, each step opens for itself, and
    so does each where steps are processes of their own.
    """

    def __init__(self) -> None:
        self._is_shared = False
        self._source: OpenSource | None = None
        self._until_closed = ExitStack()

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold what is opened until the end of the block."""
        self._is_shared = True
        try:
            yield
        finally:
            self._is_shared = False
            self._close()

    @contextmanager
    def opened(self, opening: Open) -> "Iterator[OpenSource]":
        """Return what is held open, or what is opened now.

        Where the block fails it is closed: the next step opens it again.

        Args:
            opening: Opens the source.
        """
        if self._source is not None and not self._source.lasts():
            # The server may end what was idle for too long.
            with suppress(SourceUnavailableError):
                self._close()
        with self._until_closed.pop_all() as until_closed:
            source = self._source or until_closed.enter_context(opening())
            self._source = None
            yield source
            # One that was opened inside the block is held already.
            is_free = self._is_shared and self._source is None
            if is_free and source.lasts():
                self._source, self._until_closed = source, until_closed.pop_all()

    def _close(self) -> None:
        self._source = None
        self._until_closed.pop_all().close()
