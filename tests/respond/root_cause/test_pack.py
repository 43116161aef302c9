import shlex

import typer

from monitoring_tasks.cli.app import app
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.json_values import plain_json
from monitoring_tasks.respond.root_cause.pack import (
    different_sections,
    make_pack,
    missing_in,
)
from tests.builders import make_contract, make_evaluation
from tests.cli.commands import parsed
from tests.respond.root_cause.packs import make_facts, names, reference_of

SECTIONS = ["distributions", "segments", "versions", "checks", "lineage", "changes"]


def test_every_section_is_there_and_says_what_it_lacks() -> None:
    """Of an incident of which nothing is known, no part is silently absent."""
    evaluation = make_evaluation(data_verdict=None, version=None)
    pack = make_pack(make_facts(evaluation=evaluation), make_contract())
    assert list(pack["sections"]) == SECTIONS
    assert all(section["missing"] for section in pack["sections"].values())
    assert missing_in(pack) == ["distributions", "segments", "versions", "checks"]
    assert plain_json(pack) == pack


def test_every_command_of_a_pack_can_be_typed() -> None:
    """What a section says makes it again is a command with such options."""
    pack = make_pack(make_facts(), make_contract())
    group = typer.main.get_command(app)
    commands = [section["command"] for section in pack["sections"].values()]
    for command in [*commands, pack["command"]]:
        assert parsed(group, shlex.split(command)), command


def test_what_is_no_number_is_null() -> None:
    """Other programs read the file: it holds no NaN and no infinity."""
    evaluation = make_evaluation(
        comparison_rows=[{"version": "1", "gain": float("nan")}]
    )
    pack = make_pack(make_facts(evaluation=evaluation), make_contract())
    (line,) = pack["sections"]["versions"]["data"]["same_rows"]
    assert line["gain"] is None


def test_sections_that_differ_are_named() -> None:
    """A pack made again says which parts changed since, and only those."""
    contract = make_contract()
    before = make_pack(make_facts(reference=reference_of(a=names(x=1))), contract)
    after = make_pack(
        make_facts(evaluation=make_evaluation(data_verdict=Verdict.WARN)), contract
    )
    assert different_sections(before, before) == []
    assert different_sections(before, after) == ["checks", "distributions"]
