import json
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.operations.governance.bundle_files import check_bundle
from monitoring_tasks.operations.governance.bundles import (
    Written,
    bundle_of,
    make_bundle,
    remove_bundle,
    verify_bundle,
)
from monitoring_tasks.operations.governance.regulatory import Author, open_record
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.store.partitions import freeze
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, make_incident, make_rollback, make_rows
from tests.operations.days import FIRST, Look
from tests.operations.governance.answerable import INCIDENT, NOW, write_answerable

WHY = "the case is closed"
HELD_UNTIL = (NOW + timedelta(days=184)).date()
"""Six months of 2 March."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A judged day, an incident of it, a rollback and a pack."""
    home = write_answerable(tmp_path / "home")
    (home / "evidence" / INCIDENT).mkdir(parents=True)
    (home / "evidence" / INCIDENT / "pack.json").write_text('{"tree": []}')
    with open_workspace(home) as workspace:
        rollback = make_rollback(incident=INCIDENT, proposed_at=NOW)
        workspace.rollbacks.propose(rollback, {"why": "größe"})
    return home


def made(workspace: Workspace, folder: Path, *, as_zip: bool = True) -> Written:
    """Make the bundle of the incident."""
    return make_bundle(workspace, INCIDENT, actor="kim", folder=folder, as_zip=as_zip)


def test_bundle_holds_all_that_was_written_of_the_incident(
    home: Path, tmp_path: Path
) -> None:
    """Every look at the day, whatever its mode; the contract says it was not seen."""
    with open_workspace(home) as workspace:
        written = made(workspace, tmp_path, as_zip=False)
    found = {
        path.relative_to(written.path).as_posix()
        for path in written.path.rglob("*.json")
    }
    assert found == {
        "contract.json",
        "days/2024-03-01/20240302T050000Z-backfill.json",
        "days/2024-03-01/20240302T060000Z-live.json",
        "incident.json",
        "journal.json",
        "manifest.json",
        "packs/pack.json",
        "rollbacks/rollback-000000000001.json",
        "timeline.json",
    }
    contract = json.loads((written.path / "contract.json").read_text())
    assert (contract["recorded"], bool(contract["now"])) == (False, True)
    rollback = json.loads(
        (written.path / "rollbacks" / "rollback-000000000001.json").read_text()
    )
    assert rollback["evidence"] == {"why": "größe"}
    assert (written.hold_until, written.files) == (HELD_UNTIL, 8)


def test_same_evidence_is_the_same_bundle_byte_by_byte(
    home: Path, tmp_path: Path
) -> None:
    """Made again, also after its digest went into the journal; once in there."""
    with open_workspace(home) as workspace:
        first, second = made(workspace, tmp_path / "1"), made(workspace, tmp_path / "2")
        assert first.path.read_bytes() == second.path.read_bytes()
        assert first.path.name == f"{INCIDENT}-{first.digest[:12]}.zip"
        assert made(workspace, tmp_path, as_zip=False).digest == first.digest
        assert len(workspace.journal.lines_in("bundle_made")) == 1
        assert verify_bundle(workspace, first.path)[1] is True
        Look(hour=7).write(workspace, FIRST)
        assert made(workspace, tmp_path / "3").digest != first.digest


def test_changed_byte_is_found(home: Path, tmp_path: Path) -> None:
    """In any file, in the manifest too; files that come or go as well."""
    with open_workspace(home) as workspace:
        folder = made(workspace, tmp_path, as_zip=False).path
        zipped = made(workspace, tmp_path).path
    assert check_bundle(folder).faults == check_bundle(zipped).faults == ()
    timeline = folder / "timeline.json"
    whole = timeline.read_bytes()
    timeline.write_bytes(whole.replace(b"it broke", b"it brake"))
    assert check_bundle(folder).faults == ("timeline.json: was changed",)
    timeline.unlink()
    (folder / "new.json").write_text("{}")
    assert check_bundle(folder).faults == (
        "timeline.json: is missing",
        "new.json: is not in the manifest",
    )
    timeline.write_bytes(whole)
    (folder / "new.json").unlink()
    manifest = folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"2024-09", b"2024-08"))
    (fault,) = check_bundle(folder).faults
    assert fault.startswith("manifest.json")
    content = bytearray(zipped.read_bytes())
    content[content.index(b"it broke")] ^= 1
    zipped.write_bytes(content)
    assert check_bundle(zipped).faults == ("incident.json: was changed",)


def test_what_is_no_bundle_is_said(home: Path, tmp_path: Path) -> None:
    """No manifest, no bundle; and nothing is removed that is none."""
    with ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.json", "{}")
    with open_workspace(home) as workspace:
        for path in (tmp_path / "x.zip", tmp_path / "none", home / "expectations"):
            with pytest.raises(UnreadableDataError):
                remove_bundle(workspace, path, reason=WHY, actor="kim")
    assert (tmp_path / "x.zip").exists()


def test_bundle_that_is_held_is_not_removed(home: Path, tmp_path: Path) -> None:
    """By its time, a legal hold, an open regulatory record; each is named."""
    with open_workspace(home) as workspace:
        path = made(workspace, tmp_path).path
        hold = workspace.holds.place(
            MODEL, HoldKind.LEGAL_HOLD, reason="case 4711", actor="jo", at=NOW
        )
        open_record(workspace, INCIDENT, Author(actor="kim", reason="may be serious"))
        held = remove_bundle(workspace, path, reason=WHY, actor="kim")
        assert [text.split(":")[0] for text in held[:2]] == [
            hold.id,
            f"it is held until {HELD_UNTIL}",
        ]
        assert "not finished" in held[2]
        assert path.exists()


def test_bundle_may_go_the_day_after_its_time(home: Path, tmp_path: Path) -> None:
    """A kill switch holds moves, not evidence; the journal keeps the digest."""
    with open_workspace(home) as workspace:
        path = made(workspace, tmp_path).path
        workspace.holds.place(
            MODEL, HoldKind.KILL_SWITCH, reason="a fire", actor="jo", at=NOW
        )
        there = []
        for days in (-1, 0, 1):
            # The simulated clock stands at the newest look.
            Look().write(workspace, HELD_UNTIL + timedelta(days=days - 1))
            remove_bundle(workspace, path, reason=WHY, actor="kim")
            there.append(path.exists())
        assert there == [True, True, False]
        (line,) = workspace.journal.lines_in("bundle_removed")
        assert line.reason == WHY


def freeze_day(workspace: Workspace) -> Partition:
    """Freeze three rows of the day, as its first step would."""
    frozen = freeze(
        Rows(table=make_rows(), query="parquet rows", watermark=None),
        root=str(workspace.settings.partitions),
        model=MODEL,
        day=FIRST,
        kind=PartitionKind.PREDICTIONS,
        key="id",
        as_of=NOW,
    ).partition
    unit = Unit(model=MODEL, day=FIRST, as_of=NOW, mode=Mode.DRY_RUN)
    workspace.results.start(unit, predictions=frozen, labels=None, problem=None)
    return frozen


def test_rows_go_with_a_bundle_only_where_somebody_asks_for_them(home: Path) -> None:
    """Else their manifest alone; rows that are not what was frozen are refused."""
    with open_workspace(home) as workspace:
        frozen = freeze_day(workspace)
        name = f"2024-03-01/predictions-{frozen.digest[:16]}"
        plain = bundle_of(workspace, INCIDENT).files
        manifest = json.loads(plain[f"partitions/{name}.json"])
        assert (manifest["digest"], manifest["rows"]) == (frozen.digest, frozen.rows)
        assert str(home) not in manifest["path"]
        assert not [path for path in plain if path.endswith(".parquet")]
        whole = bundle_of(workspace, INCIDENT, rows=True)
        rows = whole.files[f"rows/{name}.parquet"]
        assert rows == Path(frozen.path).read_bytes()
        assert whole.about["has_rows"] is True
        Path(frozen.path).write_bytes(b"others")
        with pytest.raises(UnreadableDataError, match="not what was frozen"):
            bundle_of(workspace, INCIDENT, rows=True)


def test_incident_that_speaks_for_others_has_their_evidence(home: Path) -> None:
    """Each part in a folder of its own, by id."""
    fleet = make_incident(
        id="fleet", cause=Cause.DATA, onset_day=FIRST, last_day=FIRST, opened_at=NOW
    )
    with open_workspace(home) as workspace:
        workspace.incidents.report(fleet, text="all broke", detail={})
        entry = Entry(at=NOW, actor="kim", text="the same feed")
        workspace.incidents.merge(INCIDENT, "fleet", entry)
        files = bundle_of(workspace, "fleet").files
    part = f"parts/{INCIDENT}/"
    assert {f"{part}incident.json", f"{part}packs/pack.json"} <= files.keys()
