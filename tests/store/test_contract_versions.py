from dataclasses import replace
from datetime import timedelta

from monitoring_tasks.domain.contract_versions import ContractVersion
from monitoring_tasks.store.contract_versions import ContractVersions
from monitoring_tasks.store.database import Database
from tests.builders import DAY, MODEL, NOW

FIRST = ContractVersion(
    model=MODEL, seen_at=NOW, day=DAY, digest="a", daywatch="0", content={"k": 1}
)


def test_only_what_differs_from_the_newest_is_written(database: Database) -> None:
    """Day after day the same is one row; what comes back is a row of its own."""
    versions = ContractVersions(database)
    digests = ["a", "a", "b", "a"]
    story = [
        replace(FIRST, seen_at=NOW + timedelta(days=n), digest=digest)
        for n, digest in enumerate(digests)
    ]
    assert [versions.see(version) for version in story] == [True, False, True, True]
    assert versions.of_model(MODEL) == [story[0], story[2], story[3]]
    assert versions.of_model("another") == []
    assert versions.models() == [MODEL]


def test_seen_twice_at_one_instant_is_one_row(database: Database) -> None:
    """A task that is run again writes what is there already."""
    versions = ContractVersions(database)
    versions.see(FIRST)
    versions.see(replace(FIRST, digest="b", seen_at=NOW + timedelta(days=1)))
    versions.see(FIRST)
    assert len(versions.of_model(MODEL)) == 2
