"""Profiles kept: a row of the store each; the reference's one is a file of its own.

The reference profile, which lies beside the model version in the registry, is JSON.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    ContinuousCounts,
    MulticlassOutcome,
)
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.segment_selection import SegmentSelection
from monitoring_tasks.errors import DataError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.decoded_profiles import DecodedProfiles
from monitoring_tasks.store.schema import ProfileRow

JSON_FORMAT = 1
"""Of the profile in a reference, and of the days kept before `profile_bytes`."""
ZLIB = b"\x78"
"""The first byte of what was kept as compressed JSON."""
REFERENCE_FORMAT = 2
"""Raised when a key of the file is renamed or means something else."""
REFERENCE_FILE = "profile.json"
SAMPLE_FILE = "sample.parquet"


# Not at import: to make one takes longer than most commands have to wait.
@cache
def _days() -> TypeAdapter[DayProfile]:
    return TypeAdapter(DayProfile)


@cache
def _references() -> TypeAdapter[ReferenceProfile]:
    return TypeAdapter(ReferenceProfile)


def read_kept(content: bytes, *, outcome_only: bool = False) -> DayProfile:
    """Read a profile of the store back, whichever format it was kept in.

    Args:
        content: As the store has it.
        outcome_only: Whether columns and service are left out.

    Raises:
        DataError: If it was written by a newer format than this one.
    """
    if content[:1] == ZLIB:
        profile = _day_from(json.loads(zlib.decompress(content)))
        return replace(profile, columns={}, service=None) if outcome_only else profile
    from monitoring_tasks.store.profile_bytes import decode  # noqa: PLC0415 (heavy)

    return decode(content, outcome_only=outcome_only)


DECODED = DecodedProfiles(read_kept)
"""Of this process."""
DECODED_OUTCOMES = DecodedProfiles(partial(read_kept, outcome_only=True))
"""Of this process: a backfill reads the month before each of its days."""


def write_reference(reference: ReferenceProfile, folder: Path) -> None:
    """Write the reference as `profile.json` in `folder`.

    Args:
        reference: The reference.
        folder: Where to; made when missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plain = _references().dump_python(reference, mode="json", exclude={"profile"})
    plain["profile"] = _plain_day(reference.profile)
    text = json.dumps({"format": REFERENCE_FORMAT, **plain}, sort_keys=True)
    (folder / REFERENCE_FILE).write_text(text, encoding="utf-8")


def read_reference(folder: Path) -> ReferenceProfile:
    """Read the reference from `folder`.

    Raises:
        DataError: If the file is not a reference profile of a known format.
    """
    from monitoring_tasks.statistics.bin_counts import BinCounts  # noqa: PLC0415 (heavy)

    path = folder / REFERENCE_FILE
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        _require_format(
            plain.pop("format", None),
            REFERENCE_FORMAT,
            remedy="; `daywatch reference --replace` logs the reference again",
        )
        plain["profile"] = _day_from(plain["profile"])
        reference = _references().validate_python(plain)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path}: not a reference profile ({error})"
        raise DataError(msg) from error
    return replace(reference, profile=_with_fine(reference.profile, BinCounts.of))


class Profiles:
    """The counts of every day, as known at every instant they were looked at."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, profiles: list[DayProfile], as_of: datetime) -> None:
        """Keep the profiles of whole days as known at `as_of`.

        What an earlier try kept of these days as known then is replaced.

        Args:
            profiles: Every profile of each of their days.
            as_of: The instant they were known at; aware.
        """
        row = ProfileRow
        with self._database.transaction() as connection:
            # Removed first: an earlier try may have had other versions or segments.
            for model, day in sorted({(p.model, p.day) for p in profiles}):
                connection.execute(
                    sa.delete(row).where(
                        row.model == model, row.day == day, row.as_of == as_of
                    )
                )
            self._database.upsert(
                connection, ProfileRow, [_row(profile, as_of) for profile in profiles]
            )

    def load(
        self,
        model: str,
        first: date,
        last: date,
        as_of: datetime,
        *,
        segments: SegmentSelection | None = None,
        outcomes_only: bool = False,
    ) -> list[DayProfile]:
        """Load the newest profiles of each day from `first` to `last` known at `as_of`.

        Ordered by day, version and segment.

        Args:
            model: Registered model name.
            first: First day.
            last: Last day, included.
            as_of: The instant they may have been known at; aware.
            segments: Those that are wanted; None for all of them.
            outcomes_only: Whether columns and service are left out.
        """
        row = ProfileRow
        newest = (
            sa.select(row.day, sa.func.max(row.as_of).label("as_of"))
            .where(row.model == model, row.day.between(first, last))
            .where(row.as_of <= as_of)
            .group_by(row.day)
            .subquery()
        )
        query = (
            sa.select(row.content)
            .join(newest, sa.and_(row.day == newest.c.day, row.as_of == newest.c.as_of))
            .where(row.model == model)
            .order_by(row.day, row.version, row.segment)
        )
        if segments is not None:
            query = query.where(_is_selected(segments))
        with self._database.transaction() as connection:
            contents = connection.scalars(query).all()
        decoded = DECODED_OUTCOMES if outcomes_only else DECODED
        return [decoded.read(content) for content in contents]


def _is_selected(segments: SegmentSelection) -> sa.ColumnElement[bool]:
    kept = ProfileRow.segment
    return sa.or_(
        kept.in_(sorted(segments.names)),
        *(kept.startswith(f"{c}=", autoescape=True) for c in sorted(segments.columns)),
    )


def _row(profile: DayProfile, as_of: datetime) -> dict[str, Any]:
    from monitoring_tasks.store.profile_bytes import encode  # noqa: PLC0415 (heavy)

    return {
        "model": profile.model,
        "day": profile.day,
        "version": profile.version,
        "segment": profile.segment,
        "as_of": as_of,
        "rows": profile.rows,
        "labelled": profile.labelled,
        "content": encode(profile),
    }


def _with_fine(
    profile: DayProfile, keep: Callable[[Mapping[int, int]], Mapping[int, int]]
) -> DayProfile:
    """Return a profile with its fine bins kept in another way."""
    columns = {
        name: replace(counts, fine=keep(counts.fine))
        if isinstance(counts, ContinuousCounts)
        else counts
        for name, counts in profile.columns.items()
    }
    return replace(profile, columns=columns)


def _plain_day(profile: DayProfile) -> dict[str, Any]:
    """Return a profile as JSON; cells, whose keys are tuples, become lists."""
    profile = _with_fine(profile, dict)
    outcome = profile.outcome
    if isinstance(outcome, BinaryOutcome):
        # However its cells are kept: what is written is a mapping.
        cells, sums = dict(outcome.cells), dict(outcome.score_sums)
        plain_outcome = replace(outcome, cells=cells, score_sums=sums)
        profile = replace(profile, outcome=plain_outcome)
    plain: dict[str, Any] = _days().dump_python(profile, mode="python")
    plain["day"] = profile.day.isoformat()
    counted = plain["outcome"]
    for name, mapping in counted.items():
        if isinstance(mapping, Mapping) and name in {"cells", "score_sums"}:
            counted[name] = [[*key, value] for key, value in mapping.items()]
    plain["format"] = JSON_FORMAT
    plain["problem"] = type(profile.outcome).__name__
    return plain


def _day_from(plain: dict[str, Any]) -> DayProfile:
    _require_format(plain.pop("format", None), JSON_FORMAT)
    kind = plain.pop("problem")
    outcome = plain["outcome"]
    if kind == BinaryOutcome.__name__:
        # JSON has no keys of three parts: cells were written as lists.
        for name in ("cells", "score_sums"):
            outcome[name] = {tuple(cell[:3]): cell[3] for cell in outcome[name]}
        plain["outcome"] = BinaryOutcome(**outcome)
    elif kind == MulticlassOutcome.__name__:
        cells = {(cell[0], cell[1]): cell[2] for cell in outcome["cells"]}
        plain["outcome"] = MulticlassOutcome(cells=cells)
    return _days().validate_python(plain)


def _require_format(written: int | None, readable: int, *, remedy: str = "") -> None:
    if written != readable:
        msg = (
            f"profile format {written} is not known; this Daywatch reads "
            f"{readable}{remedy}"
        )
        raise DataError(msg)
