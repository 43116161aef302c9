from pathlib import Path

import pytest

from monitoring_tasks.errors import NoDataError, UnreadableDataError
from monitoring_tasks.store.packs import Packs

PACK = {"schema": 1, "incident": {"id": "x"}, "sections": {}}


def test_same_pack_is_the_same_file(tmp_path: Path) -> None:
    """Kept twice it lies there once, whole, under the digest of its bytes."""
    packs = Packs(tmp_path)
    digest = packs.keep("x", PACK)
    assert packs.keep("x", dict(reversed(PACK.items()))) == digest
    assert [p.name for p in (tmp_path / "evidence" / "x").iterdir()] == [
        f"{digest}.json"
    ]
    assert packs.read("x", digest) == PACK
    assert packs.digests("x") == [digest]
    assert packs.digests("y") == []


def test_changed_gone_and_newer_packs_are_errors_that_say_so(tmp_path: Path) -> None:
    """Nobody reads a pack that is not what was frozen."""
    packs = Packs(tmp_path)
    digest = packs.keep("x", PACK)
    path = packs.path("x", digest)
    path.write_text(path.read_text().replace("sections", "Sections"))
    with pytest.raises(UnreadableDataError, match="changed after it was frozen"):
        packs.read("x", digest)
    # What is frozen now is right: the damaged file is put right.
    assert packs.keep("x", PACK) == digest
    assert packs.read("x", digest) == PACK
    newer = packs.keep("x", PACK | {"schema": 2})
    with pytest.raises(UnreadableDataError, match="newer Daywatch"):
        packs.read("x", newer)
    path.unlink()
    with pytest.raises(NoDataError, match="is gone"):
        packs.read("x", digest)
