from datetime import timedelta

from monitoring_tasks.respond.root_cause.changes import changes_section
from monitoring_tasks.respond.root_cause.pack import make_pack
from tests.builders import (
    DAY,
    NOW,
    make_contract,
    make_evaluation,
    make_incident,
    make_journal_line,
    make_unit,
)
from tests.respond.root_cause.packs import make_facts


def test_an_earlier_pack_tells_what_files_and_libraries_were() -> None:
    """A file that is gone, one that is new and one that changed are each named."""
    previous = make_pack(
        make_facts(
            incident=make_incident(id="flights-data-2013-08-01"),
            files={"monitor.yaml": "a", "labels.json": "c"},
            libraries={"mlflow": "3.17"},
        ),
        make_contract(),
    )
    data = changes_section(
        make_facts(
            files={"monitor.yaml": "b", "predictions.json": "d"},
            libraries={"mlflow": "3.17"},
            previous=previous,
        )
    ).data
    assert data is not None
    assert [
        (line["name"], line["before"], line["now"]) for line in data["files_changed"]
    ] == [
        ("labels.json", "c", None),
        ("monitor.yaml", "a", "b"),
        ("predictions.json", None, "d"),
    ]
    assert data["libraries_changed"] == []
    assert data["held_against"] == "flights-data-2013-08-01"


def test_first_pack_cannot_tell_what_changed() -> None:
    """Nothing to hold it against is not the same as nothing changed."""
    section = changes_section(make_facts(files={"monitor.yaml": "b"}))
    assert section.data is not None
    assert section.data["files_changed"] is None
    assert "no earlier pack" in section.missing[0]


def test_releases_and_moves_of_late_are_listed() -> None:
    """A version that took over, and lines of the last weeks alone."""
    old = make_journal_line(at=NOW - timedelta(days=40))
    new = make_journal_line(at=NOW - timedelta(days=2), actor="outside")
    earlier = [
        make_evaluation(version=version, unit=make_unit(day=DAY - timedelta(days=back)))
        for back, version in ((3, "1"), (2, "1"), (1, "2"))
    ]
    data = changes_section(
        make_facts(
            earlier=earlier,
            evaluation=make_evaluation(version="2"),
            journal=[old, new],
        )
    ).data
    assert data is not None
    assert [r["version"] for r in data["releases"]] == ["2"]
    assert [m["by"] for m in data["moves"]] == ["outside"]
