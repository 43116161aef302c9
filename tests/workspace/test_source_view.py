"""A source held open between steps: as long as it shows the same rows, no longer."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import pytest

from monitoring_tasks.errors import SourceUnavailableError, UnreadableDataError
from monitoring_tasks.workspace.source_view import Open, SourceView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_tasks.workspace.open_source import OpenSource


class Source:
    """A source that says whether it lasts, and what became of it."""

    def __init__(self, *, is_snapshot: bool = True) -> None:
        self.is_live = is_snapshot
        self.is_closed = False
        self.refuses_to_close = False

    def lasts(self) -> bool:
        """Return whether another step would see the same rows."""
        return self.is_live


def opening(*sources: Source) -> Open:
    """Return what opens one source after the other, and says what goes wrong."""
    left = iter(sources)

    @contextmanager
    def opened() -> "Iterator[OpenSource]":
        source = next(left)
        try:
            yield cast("OpenSource", source)
        except ZeroDivisionError as error:
            raise UnreadableDataError(str(error)) from None
        finally:
            source.is_closed = True
            if source.refuses_to_close:
                raise SourceUnavailableError

    return opened


def test_steps_that_share_a_view_see_one_snapshot() -> None:
    """It is opened once, and closed when the last of them is done."""
    view, source = SourceView(), Source()
    opens = opening(source)
    with view.shared():
        for _ in range(3):
            with view.opened(opens) as opened:
                assert opened is cast("OpenSource", source)
            assert not source.is_closed
    assert source.is_closed


def test_a_step_by_itself_opens_and_closes() -> None:
    """Nothing stays open between tasks of Airflow, or where rows are only looked at."""
    view, sources = SourceView(), (Source(), Source())
    opens = opening(*sources)
    for source in sources:
        with view.opened(opens) as opened:
            assert opened is cast("OpenSource", source)
        assert source.is_closed


def test_files_are_opened_by_each_step() -> None:
    """They may be others by then, and are looked at when a step is done."""
    view, sources = SourceView(), (Source(is_snapshot=False), Source(is_snapshot=False))
    opens = opening(*sources)
    with view.shared():
        for source in sources:
            with view.opened(opens):
                pass
            assert source.is_closed


def test_what_fails_in_a_step_is_closed_and_told_by_the_source() -> None:
    """A snapshot in which a statement failed answers nothing more."""
    view, sources = SourceView(), (Source(), Source())
    opens = opening(*sources)
    with view.shared():
        with view.opened(opens):
            pass
        with pytest.raises(UnreadableDataError), view.opened(opens):
            1 / 0  # noqa: B018 (what fails)
        assert sources[0].is_closed
        with view.opened(opens) as opened:
            assert opened is cast("OpenSource", sources[1])


def test_a_snapshot_the_server_ended_is_opened_again() -> None:
    """It ends what is idle for too long; that is no fault of the next step."""
    view, sources = SourceView(), (Source(), Source())
    opens = opening(*sources)
    with view.shared():
        with view.opened(opens):
            pass
        sources[0].is_live, sources[0].refuses_to_close = False, True
        with view.opened(opens) as opened:
            assert opened is cast("OpenSource", sources[1])
    assert all(source.is_closed for source in sources)


def test_one_opened_within_another_is_not_held() -> None:
    """Both are closed; the outer one is held as before."""
    view, sources = SourceView(), (Source(), Source())
    opens = opening(*sources)
    with view.shared():
        with view.opened(opens), view.opened(opens):
            pass
        assert [source.is_closed for source in sources] == [True, False]
    assert all(source.is_closed for source in sources)
