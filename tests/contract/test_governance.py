import pytest
from pydantic import ValidationError

from tests.builders import make_contract


def test_what_nobody_has_said_stays_unsaid() -> None:
    """No class, role or purpose is taken for granted."""
    said = make_contract().governance
    assert (said.risk_class, said.organisation_role) == ("unassessed", None)
    assert (said.intended_purpose, said.next_validation) == ("", None)


@pytest.mark.parametrize(
    "said",
    [
        {"organisation_role": "importer"},
        {"risk_class": ""},
        {"validated_on": "2026-03-01", "next_validation": "2026-03-01"},
    ],
    ids=["role", "class", "order"],
)
def test_what_cannot_be_meant_is_refused(said: dict[str, str]) -> None:
    """A role the regulation does not name, an empty class, a validation of the past."""
    with pytest.raises(ValidationError):
        make_contract(governance=said)
