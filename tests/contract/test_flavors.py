from typing import Any

import pytest

from monitoring_tasks.contract.flavors import why_not_loaded
from monitoring_tasks.contract.versions import LoadingPolicy

SKLEARN: dict[str, Any] = {
    "python_function": {"loader_module": "mlflow.sklearn", "model_path": "model.pkl"},
    "sklearn": {"pickled_model": "model.pkl", "code": None},
}
PYFUNC: dict[str, Any] = {
    "python_function": {"loader_module": "mlflow.pyfunc.model", "code": None}
}


def change(flavors: dict[str, Any], name: str, **settings: object) -> dict[str, Any]:
    """Return flavours with some settings of one of them changed."""
    return flavors | {name: {**flavors.get(name, {}), **settings}}


@pytest.mark.parametrize(
    ("flavors", "reason"),
    [
        pytest.param(SKLEARN, "", id="an allowed flavour"),
        pytest.param(
            change(SKLEARN, "xgboost", data="x"), "", id="one of its flavours is"
        ),
        pytest.param(
            {"keras": {}, "python_function": {"loader_module": "mlflow.keras"}},
            "its flavour keras is not allowed; policy.versions.flavors allows",
            id="another flavour",
        ),
        pytest.param(PYFUNC, "(mlflow.pyfunc.model)", id="a class of its own"),
        pytest.param(
            change(SKLEARN, "python_function", loader_module="mine.load"),
            "is loaded by code of its own (mine.load)",
            id="a loader of its own behind an allowed flavour",
        ),
        pytest.param(
            change(SKLEARN, "python_function", loader_module="mlflow.keras"),
            "is loaded by code of its own (mlflow.keras)",
            id="the loader of another flavour",
        ),
        pytest.param(
            change(SKLEARN, "sklearn", code="code"),
            "brings code of its own",
            id="code beside an allowed flavour",
        ),
        pytest.param({"sklearn": {}}, "no loader", id="no loader"),
        pytest.param({}, "no loader", id="nothing"),
    ],
)
def test_only_allowed_flavours_are_loaded(flavors: dict[str, Any], reason: str) -> None:
    """A loader or code of the model's own is no allowed flavour."""
    found = why_not_loaded(flavors, LoadingPolicy())
    assert reason in found
    assert bool(found) == bool(reason)


@pytest.mark.parametrize(
    "flavors",
    [
        PYFUNC,
        change(SKLEARN, "sklearn", code="code"),
        change(SKLEARN, "python_function", loader_module="mine.load"),
    ],
    ids=["class", "code", "loader"],
)
def test_code_of_its_own_is_loaded_where_the_contract_says_so(
    flavors: dict[str, Any],
) -> None:
    """`python_function` among the flavours allows it, and the reason says so."""
    assert "python_function in policy.versions.flavors" in why_not_loaded(
        flavors, LoadingPolicy()
    )
    assert why_not_loaded(flavors, LoadingPolicy(flavors=("python_function",))) == ""


@pytest.mark.parametrize("path", ["/tmp/x.pkl", "../x.pkl", "data/../../x.pkl"])  # noqa: S108 (a name)
def test_files_outside_the_folder_are_refused(path: str) -> None:
    """What lies outside has no digest; code of its own could read it anyway."""
    flavors = change(SKLEARN, "sklearn", pickled_model=path)
    assert why_not_loaded(flavors, LoadingPolicy()) == (
        f"it wants files outside its folder: {path}"
    )
    assert why_not_loaded(flavors, LoadingPolicy(flavors=("python_function",))) == ""
