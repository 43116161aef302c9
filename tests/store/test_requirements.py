from pathlib import Path

import pytest

from monitoring_tasks.store.requirements import Installed, logged_otherwise

HERE = Installed.of(
    {
        "python": "3.11.9",
        "libraries": {
            "scikit-learn": "1.9.1",
            "numpy": "2.2.6",
            "Cloud_Pickle": "3.1.2",
            "mlflow": "3.17.2",
            "lightgbm": "4.7.0",
        },
    }
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("scikit-learn==1.9.1\nnumpy<3\n", "", id="all-as-logged"),
        pytest.param(
            "scikit-learn==1.2.0",
            "logged with scikit-learn 1.2.0, here 1.9.1",
            id="another-version",
        ),
        pytest.param(
            "Scikit_Learn>=1,<1.3",
            "logged with Scikit_Learn <1.3,>=1, here 1.9.1",
            id="outside-a-range-under-another-spelling",
        ),
        pytest.param(
            "catboost==1.2\ncloud-pickle==3.1.2",
            "logged with catboost 1.2, here absent",
            id="absent",
        ),
        pytest.param(
            "mlflow==3.17.1\nnumpy==1.26.4\nscikit-learn==1.2\nxgboost==2\n"
            "lightgbm==4.5.0",
            "logged with xgboost 2, here absent, numpy 1.26.4, here 2.2.6, "
            "lightgbm 4.5.0, here 4.7.0, and 2 more",
            id="the-furthest-first-and-few",
        ),
        pytest.param(
            "--index-url https://ann:hunter22@host\n-r more.txt\n"
            "git+https://host/x.git\nnumpy==1.0 ; python_version < '3.9'\n\n# numpy==1",
            "",
            id="what-cannot-be-compared-is-left-out",
        ),
    ],
)
def test_what_a_model_was_logged_with_is_held_against_what_is_here(
    tmp_path: Path, text: str, said: str
) -> None:
    """Only what differs is named, with both versions."""
    (tmp_path / "requirements.txt").write_text(text)
    assert logged_otherwise(tmp_path, HERE) == said


def test_without_requirements_nothing_is_said(tmp_path: Path) -> None:
    """A model may be logged without; an interpreter that said nothing is not held."""
    assert logged_otherwise(tmp_path, HERE) == ""
    (tmp_path / "requirements.txt").write_text("numpy==1")
    assert logged_otherwise(tmp_path, Installed()) == ""
