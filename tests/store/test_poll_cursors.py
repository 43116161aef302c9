from datetime import timedelta

import pytest

from monitoring_tasks.store.database import Database
from monitoring_tasks.store.poll_cursors import PollCursors
from tests.builders import NOW


@pytest.mark.parametrize(("channel", "other"), [("ops", "Ops"), ("o_s", "ops")])
@pytest.mark.parametrize("pair", ["as named", "the other way round"])
def test_channels_of_like_names_have_rows_of_their_own(
    database: Database, channel: str, other: str, pair: str
) -> None:
    """A whole round of one leaves what the other got to, and how long it rests."""
    if pair == "the other way round":
        channel, other = other, channel
    cursors, later = PollCursors(database), NOW + timedelta(minutes=5)
    cursors.keep_asked(channel, NOW, incident="i1")
    cursors.keep_failed(channel, NOW, incident="i2")
    cursors.let_rest(channel, later)
    assert cursors.answered(other) == cursors.failed(other) == {}
    cursors.keep_asked(other, later)
    assert cursors.answered(channel) == {"i1": NOW}
    assert cursors.failed(channel) == {"i2": NOW}
    assert cursors.resting_until(channel, now=NOW) == later
    assert cursors.asked_until(channel) is None
    cursors.keep_asked(channel, later)
    assert cursors.answered(channel) == cursors.failed(channel) == {}
