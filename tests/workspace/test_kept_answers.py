"""What is dear to work out: kept in files, unless it does not hold for good."""

from pathlib import Path

from monitoring_tasks.workspace.kept_answers import KeptAnswers


def test_answer_is_worked_out_once(tmp_path: Path) -> None:
    """Another key is another answer."""
    kept, made = KeptAnswers(folder=tmp_path), []

    def make() -> list[int]:
        made.append(len(made))
        return made[-1:]

    assert [kept.remember(key, make) for key in ("a", "a", "b")] == [[0], [0], [1]]


def test_answer_that_does_not_hold_for_good_is_worked_out_anew(tmp_path: Path) -> None:
    """A failure today says nothing of tomorrow; nothing of it lies in a file."""
    kept, answers = KeptAnswers(folder=tmp_path), iter(["it failed", {"rows": 3}])

    def remembered() -> object:
        return kept.remember(
            "a", lambda: next(answers), is_kept=lambda answer: isinstance(answer, dict)
        )

    assert remembered() == "it failed"
    assert list(tmp_path.iterdir()) == []
    assert remembered() == {"rows": 3}
    assert remembered() == {"rows": 3}
