from datetime import UTC, datetime

import pytest

from monitoring_tasks.respond.channels.inbound.reading import instant_of

AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02T06:30:00Z",
        "2026-03-02T07:30:00+01:00",
        "2026-03-02T06:30:00",
        int(AT.timestamp()),
        str(AT.timestamp()),
        int(AT.timestamp() * 1e3),
        int(AT.timestamp()) * 10**9,
    ],
)
def test_every_way_to_write_an_instant_is_the_same(written: object) -> None:
    """Seconds, milliseconds, nanoseconds, ISO with and without a zone."""
    assert instant_of(written) == AT


@pytest.mark.parametrize("written", [None, "", "soon", "nan", -1, 1e30, []])
def test_what_is_no_instant_is_refused(written: object) -> None:
    """With an error of its own kind, so that nothing is guessed."""
    with pytest.raises(ValueError, match=r"."):
        instant_of(written)
