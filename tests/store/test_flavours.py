from pathlib import Path

import pytest

from monitoring_tasks.store import flavours
from monitoring_tasks.store.flavours import (
    flavour_faults,
    libraries_named,
    try_flavours,
)


@pytest.fixture
def interpreter(tmp_path: Path) -> Path:
    """A stand-in for an interpreter; `answer` says what it does."""
    path = tmp_path / "python"
    path.touch(mode=0o755)
    return path


def answer(interpreter: Path, script: str) -> None:
    interpreter.write_text(f"#!/bin/sh\n{script}\n")


@pytest.mark.slow
def test_the_installed_libraries_work_with_each_other() -> None:
    """Whatever is installed fits and scores beside the installed scikit-learn."""
    assert flavour_faults() == {}


def test_a_pair_that_does_not_fit_is_named_with_both_versions(
    interpreter: Path,
) -> None:
    """The sentence names both libraries, what broke and what to do."""
    said = '{"lightgbm": {"libraries": "lightgbm 4.5.0 with scikit-learn 1.9.0", '
    said += '"fault": "TypeError: force_all_finite"}, '
    said += '"sklearn": {"libraries": "scikit-learn 1.9.0", "fault": ""}}'
    answer(interpreter, f"echo '{said}'")
    assert flavour_faults(python=str(interpreter)) == {
        "lightgbm": "lightgbm 4.5.0 with scikit-learn 1.9.0 cannot fit and score a "
        "pipeline (TypeError: force_all_finite); versions of this flavour cannot be "
        "scored: install versions of these libraries that fit each other"
    }


def test_a_library_that_crashes_does_not_hide_the_others(interpreter: Path) -> None:
    """When the process of all ends, each flavour is tried alone."""
    sound = '{"sklearn": {"libraries": "scikit-learn 1", "fault": ""}}'
    crash = "*xgboost*) echo lost >&2; kill -11 $$"
    answer(interpreter, f"case \"$*\" in {crash};; *) echo '{sound}';; esac")
    faults = flavour_faults(("sklearn", "xgboost"), python=str(interpreter))
    assert list(faults) == ["xgboost"]
    assert "lost" in faults["xgboost"]


def test_a_library_that_hangs_is_a_fault(
    interpreter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer is no evidence that it works."""
    monkeypatch.setattr(flavours, "TRIAL_SECONDS", 0.2)
    answer(interpreter, "exec sleep 20")
    faults = flavour_faults(("sklearn",), python=str(interpreter))
    assert "no answer within 0.2 seconds" in faults["sklearn"]


def test_flavours_without_a_trial_are_left_out() -> None:
    """Nothing is started for what cannot be tried."""
    assert flavour_faults(("onnx", "python_function")) == {}


def test_only_what_the_interpreter_has_is_tried(interpreter: Path) -> None:
    """Its answer says which; whether they work is one more thing."""
    answer(interpreter, 'echo \'{"sklearn": {"libraries": "s 1", "fault": ""}}\'')
    tried = try_flavours(("sklearn", "catboost", "onnx"), python=str(interpreter))
    assert tried == {"sklearn": ""}


def test_booster_inside_a_pipeline_is_known_by_the_requirements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flavour says scikit-learn alone; what is installed here does not matter."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    (tmp_path / "MLmodel").write_text("flavors: {sklearn: {}, python_function: {}}\n")
    assert libraries_named(tmp_path) == ("sklearn",)
    (tmp_path / "requirements.txt").write_text("mlflow==3.1\nLightGBM==4.6.0\n")
    assert set(libraries_named(tmp_path)) == {"sklearn", "lightgbm"}
