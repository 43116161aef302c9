import re
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.governance.bundle_files import check_bundle
from monitoring_tasks.operations.governance.exporting import export_governance
from monitoring_tasks.operations.governance.regulatory import (
    Author,
    open_record,
    set_aware,
)
from monitoring_tasks.workspace.workspace import open_workspace
from tests.operations.days import FIRST
from tests.operations.governance.answerable import INCIDENT, NOW, write_answerable

KIM = Author(actor="kim", reason="told by the <i>claims</i> desk")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A judged day, an incident of it and its record, with clocks that run."""
    home = write_answerable(tmp_path / "home")
    with open_workspace(home) as workspace:
        open_record(workspace, INCIDENT, KIM)
        set_aware(workspace, INCIDENT, NOW - timedelta(hours=2), KIM)
    return home


def test_export_is_the_same_every_time_and_whole(home: Path, tmp_path: Path) -> None:
    """Byte by byte; its manifest holds; a folder with something in it is refused."""
    folders = (tmp_path / "1", tmp_path / "2")
    with open_workspace(home) as workspace:
        for folder in folders:
            export_governance(workspace, folder)
        with pytest.raises(ConfigurationError, match="not empty"):
            export_governance(workspace, folders[0])
    one, other = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in folders
    )
    assert one == other
    assert check_bundle(folders[0]).faults == ()
    assert check_bundle(folders[0] / "evidence" / INCIDENT).faults == ()
    (folders[0] / "plans" / "flights.md").write_text("nothing is measured")
    assert check_bundle(folders[0]).faults == ("plans/flights.md: was changed",)


def test_page_opens_without_a_network_and_escapes_what_people_wrote(
    home: Path, tmp_path: Path
) -> None:
    """No script, no address of elsewhere; disclaimer, quote and evidence are there."""
    with open_workspace(home) as workspace:
        export_governance(workspace, tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text()
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page) == []
    assert "<script" not in page
    assert "no legal advice" in page
    assert "not later than 15 days" in page
    links = re.findall(r'href="([^"#]+)"', page)
    assert f"evidence/{INCIDENT}/manifest.json" in links
    assert all((tmp_path / "out" / link).is_file() for link in links)


def test_span_leaves_out_incidents_of_other_days(home: Path, tmp_path: Path) -> None:
    """Records stay: a clock does not end with a span."""
    with open_workspace(home) as workspace:
        after = FIRST + timedelta(days=1)
        bundle = export_governance(workspace, tmp_path / "out", first=after)
    assert not [path for path in bundle.files if path.startswith("evidence/")]
    assert INCIDENT.encode() in bundle.files["records.json"]
