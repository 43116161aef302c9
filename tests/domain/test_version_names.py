import pytest

from monitoring_tasks.domain.version_names import VersionNames

RUN = "4f0c" * 8
NAMES = VersionNames(
    mapped={"v2": "2", "3": "1"},
    numbers=frozenset({"1", "2", "3"}),
    aliases={"champion": "2"},
    marks={RUN: frozenset({"3"}), "team-one": frozenset({"1", "2"})},
)


@pytest.mark.parametrize(
    ("value", "version"),
    [
        pytest.param("2", "2", id="a number"),
        pytest.param("2.0", "2", id="a number read as a float"),
        pytest.param("002", "2", id="a number with zeros before it"),
        pytest.param("v2", "2", id="the contract says so"),
        pytest.param("3", "1", id="the contract comes before the number"),
        pytest.param("champion", "2", id="an alias"),
        pytest.param(RUN, "3", id="the run that made it"),
        pytest.param("team-one", None, id="a tag of two versions"),
        pytest.param("v1", None, id="looks like a version, nobody says so"),
        pytest.param("7", None, id="not registered"),
        pytest.param("2.5", None, id="no whole number"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_value_means_the_version_somebody_says_it_means(
    value: str, version: str | None
) -> None:
    """Contract, number, alias, run id or tag; what none of them knows stays unknown."""
    assert NAMES.version_of(value) == version
