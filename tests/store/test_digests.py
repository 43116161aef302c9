from pathlib import Path

import pytest

from monitoring_tasks.store.digests import digest_folder, digest_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model's files, one of them in a folder."""
    (tmp_path / "MLmodel").write_text("flavors")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "model.pkl").write_bytes(b"model")
    return tmp_path


def test_digest_folder_depends_on_names_and_contents(tmp_path: Path) -> None:
    """Renaming a file or changing a byte changes the digest."""
    (tmp_path / "a").write_text("1")
    first = digest_folder(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    renamed = digest_folder(tmp_path)
    (tmp_path / "b").write_text("2")
    assert len({first, renamed, digest_folder(tmp_path)}) == 3


@pytest.mark.parametrize(
    "added",
    ["monitoring/profile.json", "registered_model_meta", "data/__pycache__/x.pyc"],
)
def test_digest_model_leaves_out_what_is_added_beside(folder: Path, added: str) -> None:
    """A reference, a note of MLflow's and compiled code change no model."""
    before, whole = digest_model(folder), digest_folder(folder)
    (folder / added).parent.mkdir(exist_ok=True)
    (folder / added).write_text("new")
    assert digest_model(folder) == before
    assert digest_folder(folder) != whole


@pytest.mark.parametrize(
    "changed",
    ["MLmodel", "data/model.pkl", "data/monitoring", "new.py"],
    ids=["described otherwise", "other content", "a name used elsewhere", "added code"],
)
def test_digest_model_sees_every_other_change(folder: Path, changed: str) -> None:
    """Whatever a loader may read is part of the digest."""
    before = digest_model(folder)
    (folder / changed).write_text("changed")
    assert digest_model(folder) != before
