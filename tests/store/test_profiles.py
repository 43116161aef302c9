import json
import zlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitoring_tasks.domain.counts import Bins, Outcome
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import Calibrator, DailyNoise
from monitoring_tasks.errors import DataError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.profiles import (
    REFERENCE_FILE,
    Profiles,
    _plain_day,
    read_kept,
    read_reference,
    write_reference,
)
from tests.builders import DAY, MODEL, NOW, make_profile, make_reference
from tests.store.profile_samples import OUTCOMES, full


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_reference_is_read_back_as_it_was(tmp_path: Path, outcome: Outcome) -> None:
    """Bins, calibrator, noise and counts: everything a limit is learnt from."""
    reference = make_reference(
        profile=full(outcome),
        noise={"realized/roc_auc//all": DailyNoise(mean=0.7, spread=0.05, days=30)},
        bins={"x": Bins(low=0.1, high=0.7, coarse=12)},
        calibrator=Calibrator(scores=(0.1, 0.2), probabilities=(0.0, 1.0)),
        sampling={"roc_auc": (0.5, 0.9)},
        metrics={"roc_auc": 0.71},
    )
    write_reference(reference, tmp_path / "new")
    assert read_reference(tmp_path / "new") == reference


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(None, "not a reference profile", id="absent"),
        pytest.param("{", "not a reference profile", id="broken"),
        pytest.param("[]", "not a reference profile", id="a list"),
        pytest.param('{"format": 2}', "not a reference profile", id="empty"),
        pytest.param('{"format": 3}', "format 3 is not known", id="newer"),
        pytest.param(
            '{"format": 1}', "reads 2; `daywatch reference --replace`", id="older"
        ),
        pytest.param("{}", "format None is not known", id="no format"),
    ],
)
def test_file_that_is_no_reference_is_refused(
    tmp_path: Path, text: str | None, said: str
) -> None:
    """A version without a readable reference says so; it is never judged by half."""
    if text is not None:
        (tmp_path / REFERENCE_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_reference(tmp_path)


def test_profile_kept_as_json_is_read_still() -> None:
    """Days counted before the binary form stay readable, digit by digit."""
    kept = zlib.compress(json.dumps(_plain_day(full()), sort_keys=True).encode())
    assert read_kept(kept) == full()


def loaded(profiles: Profiles, *, hours: int = 0, last: date = DAY) -> list[DayProfile]:
    """Load what was known some hours after the first look."""
    return profiles.load(MODEL, DAY, last, NOW + timedelta(hours=hours))


def test_newest_counts_known_at_an_instant_are_loaded(database: Database) -> None:
    """Late labels are a new revision beside the old one; nothing is overwritten."""
    profiles = Profiles(database)
    early, late = make_profile(rows=4), make_profile(rows=4, labelled=4)
    profiles.save([early], NOW)
    profiles.save([late], NOW + timedelta(hours=5))
    assert loaded(profiles, hours=-1) == []
    assert loaded(profiles, hours=4) == [early]
    assert loaded(profiles, hours=5) == [late]


def test_days_versions_and_segments_come_in_order(database: Database) -> None:
    """Each day by its own newest look, other models left aside."""
    tomorrow = DAY + timedelta(days=1)
    mine = [
        make_profile(segment="all", version="1"),
        make_profile(segment="a=b", version="2"),
        make_profile(segment="all", version="2"),
        make_profile(day=tomorrow),
    ]
    profiles = Profiles(database)
    profiles.save(list(reversed(mine)), NOW)
    profiles.save([replace(mine[0], model="other", rows=9)], NOW)
    assert loaded(profiles, last=tomorrow) == mine
    assert loaded(profiles) == mine[:3]


def test_saving_again_replaces_what_was_kept_of_the_day(database: Database) -> None:
    """A segment that a second try no longer finds does not stay behind."""
    profiles = Profiles(database)
    profiles.save([make_profile(rows=3), make_profile(segment="a=b")], NOW)
    profiles.save([make_profile(rows=4)], NOW)
    assert loaded(profiles) == [make_profile(rows=4)]
