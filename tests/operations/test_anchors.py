import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import fsspec
import pytest

from monitoring_tasks.domain.chains import BEFORE_FIRST
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.operations.anchors import (
    anchor_chains,
    broken_anchors,
    chain_heads,
)
from monitoring_tasks.operations.incidents import note_incident, said_now
from tests.builders import NOW
from tests.operations.messages.rooms import Room, room

HOUR = timedelta(hours=1)
NO_JOURNAL = f"0 {BEFORE_FIRST}"


@pytest.fixture(params=["a folder", "an object store"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for anchors, empty; of objects there is no appending and no renaming."""
    if request.param == "a folder":
        return str(tmp_path / "anchors")
    return f"memory://{tmp_path.name}/anchors"


@pytest.fixture
def here(tmp_path: Path, folder: str, empty_store: Path) -> Iterator[Room]:
    """A workspace that anchors its chains, with an incident."""
    (tmp_path / "daywatch.db").write_bytes(empty_store.read_bytes())
    with room(tmp_path, {}, routes=[], anchors=folder) as opened:
        opened.report()
        yield opened


def files(folder: str) -> dict[str, str]:
    """Return the anchored head of the time line by file."""
    system, path = fsspec.core.url_to_fs(folder)
    names = sorted(system.glob(f"{path}/*"))
    return {
        name.rpartition("/")[2]: json.loads(system.cat_file(name))["timeline"]
        for name in names
    }


def note(here: Room, text: str) -> None:
    """Put a line on the time line."""
    workspace = here.workspace
    (incident,) = workspace.incidents.find()
    note_incident(workspace, incident.id, said_now(workspace, text, actor="kim"))


def cut(here: Room, number: int) -> None:
    """Take the end off the time line; the chain itself still holds."""
    with here.workspace.database.transaction() as connection:
        query = "DELETE FROM incident_events WHERE number >= ?"
        connection.exec_driver_sql(query, (number,))
    assert here.workspace.incidents.verify() is None


def test_a_day_leaves_one_file_however_much_happens(here: Room, folder: str) -> None:
    """It has the newest heads; those of days before stay as they were."""
    for hour in range(24):
        note(here, f"hour {hour}")
        assert anchor_chains(here.workspace, now=NOW + hour * HOUR / 2) is not None
    last = chain_heads(here.workspace)["timeline"]
    assert list(files(folder).values()) == [last]
    note(here, "the next day")
    anchor_chains(here.workspace, now=NOW + timedelta(days=1))
    now = chain_heads(here.workspace)["timeline"]
    assert list(files(folder).values()) == [last, now]
    assert broken_anchors(here.workspace) == []


def test_a_round_without_news_writes_nothing(
    here: Room, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for a file that was cut short: it is written again."""
    written = anchor_chains(here.workspace, now=NOW)
    assert written is not None
    system, _ = fsspec.core.url_to_fs(folder)
    for writing in ("pipe_file", "makedirs", "rm_file"):
        monkeypatch.setattr(type(system), writing, None)
    assert anchor_chains(here.workspace, now=NOW + HOUR) is None
    monkeypatch.undo()
    system.pipe_file(written, b'{"timel')
    assert broken_anchors(here.workspace) == [f"the anchor {written} cannot be read"]
    assert anchor_chains(here.workspace, now=NOW + HOUR) == written
    assert broken_anchors(here.workspace) == []


def test_what_was_anchored_and_is_gone_stays_where_it_was_kept(
    here: Room, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chain cut short does not take its own proof away, and each round says so."""
    for text in ("second", "third"):
        note(here, text)
    anchor_chains(here.workspace, now=NOW)
    kept = files(folder)
    cut(here, 3)
    gone = "timeline: line 3 was anchored and is not there as it was"
    tagged: list[object] = []
    monkeypatch.setattr(
        "monitoring_tasks.operations.anchors._tag_served_version",
        lambda *parts: tagged.append(parts),
    )
    for hours in (1, 1.5):
        with pytest.raises(MonitoringError, match=gone):
            anchor_chains(here.workspace, now=NOW + hours * HOUR)
    note(here, "another third")
    with pytest.raises(MonitoringError, match=gone):
        anchor_chains(here.workspace, now=NOW + 2 * HOUR)
    assert tagged == [], "the registry keeps the heads it had"
    assert files(folder).items() > kept.items()
    assert len(files(folder)) == 2
    assert broken_anchors(here.workspace) == [gone]


def test_a_chain_that_is_gone_altogether_is_missed(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing can be written any more: the folder is full, or read only."""
    anchor_chains(here.workspace, now=NOW)
    cut(here, 1)
    gone = "timeline: line 1 was anchored and is not there as it was"
    with pytest.raises(MonitoringError, match=gone):
        anchor_chains(here.workspace, now=NOW + HOUR)
    note(here, "a new first")

    def full(*_: object, day: str) -> None:
        raise OSError(28, f"No space left on device for {day}")

    monkeypatch.setattr("monitoring_tasks.operations.anchors._write_anchor", full)
    with pytest.raises(MonitoringError, match=gone):
        anchor_chains(here.workspace, now=NOW + HOUR)


def test_another_process_that_was_later_is_not_undone(here: Room, folder: str) -> None:
    """Whoever read the heads before it leaves the newer file alone."""
    note(here, "second")
    later = {"journal": NO_JOURNAL, "timeline": chain_heads(here.workspace)["timeline"]}
    system, path = fsspec.core.url_to_fs(folder)
    system.makedirs(path)
    name = f"{path}/chain-heads-{NOW:%Y%m%d}-0123456789abcdef.json"
    system.pipe_file(name, json.dumps(later).encode())
    with pytest.MonkeyPatch.context() as early:
        first = here.workspace.incidents.timeline()[0]
        heads = {"journal": NO_JOURNAL, "timeline": f"1 {first.digest}"}
        early.setattr(
            "monitoring_tasks.operations.anchors.chain_heads", lambda _: heads
        )
        anchor_chains(here.workspace, now=NOW)
    assert later["timeline"] in files(folder).values()


def test_files_of_the_former_layout_are_held_against_the_chains(
    here: Room, folder: str
) -> None:
    """One a change, named for the instant; none of them is removed."""
    note(here, "second")
    system, path = fsspec.core.url_to_fs(folder)
    system.makedirs(path)
    old = f"{path}/chain-heads-{NOW:%Y%m%dT%H%M%S%fZ}.json"
    system.pipe_file(old, json.dumps(chain_heads(here.workspace)).encode())
    note(here, "third")
    anchor_chains(here.workspace, now=NOW + HOUR)
    assert len(files(folder)) == 2
    assert broken_anchors(here.workspace) == []
    cut(here, 2)
    assert broken_anchors(here.workspace) == [
        f"timeline: line {number} was anchored and is not there as it was"
        for number in (3, 2)
    ]
