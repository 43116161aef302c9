"""What rebuilds rows lies beside a reference as JSON."""

import json
from pathlib import Path

import pytest

from monitoring_tasks.errors import DataError
from monitoring_tasks.store.reconstructions import (
    RECONSTRUCTION_FILE,
    from_plain,
    read_reconstruction,
    to_plain,
    write_reconstruction,
)
from tests.builders import make_reconstruction


def test_every_number_is_read_back_to_the_last_bit(tmp_path: Path) -> None:
    """A day measured from the file is the day measured at once."""
    reconstruction = make_reconstruction()
    write_reconstruction(reconstruction, tmp_path)
    assert read_reconstruction(tmp_path) == reconstruction
    plain = json.loads(json.dumps(to_plain(reconstruction)))
    assert from_plain(plain) == reconstruction


def test_reference_without_it_is_read(tmp_path: Path) -> None:
    """Those logged earlier, or by a later Daywatch, are learnt from their rows."""
    assert read_reconstruction(tmp_path) is None
    write_reconstruction(None, tmp_path)
    assert read_reconstruction(tmp_path) is None
    newer = to_plain(make_reconstruction()) | {"format": 2}
    (tmp_path / RECONSTRUCTION_FILE).write_text(json.dumps(newer), encoding="utf-8")
    assert read_reconstruction(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 1}'])
def test_broken_file_says_what_helps(tmp_path: Path, text: str) -> None:
    """Nothing is measured by half of the numbers."""
    (tmp_path / RECONSTRUCTION_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"not a reconstruction.*reference --replace"):
        read_reconstruction(tmp_path)
