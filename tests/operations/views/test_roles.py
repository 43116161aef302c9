from monitoring_tasks.operations.views.roles import duties_of, roles_view
from tests.builders import make_contract


def test_duties_name_people_where_the_contract_does() -> None:
    """A role without a name stands for itself."""
    contract = make_contract(roles={"people": {"model_owner": ["kim", "lee"]}})
    duties = duties_of(contract)
    assert duties["rollback_approval"] == {
        "does": ["kim", "lee"],
        "answers": ["kim", "lee"],
    }
    assert duties["data_fix"]["does"] == ["data_engineer"]


def test_the_fleet_has_no_roles() -> None:
    """No contract, nobody who answers for it."""
    assert roles_view(None) == {"owners": [], "declared": False, "duties": {}}
