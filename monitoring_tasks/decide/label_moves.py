"""Did the labels move with the onset of a breach, or only what they mean? Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.statistics.day_levels import log_odds
from monitoring_tasks.statistics.held_labels import (
    POSITIVE,
    HeldLevel,
    held_level,
    held_levels,
)
from monitoring_tasks.statistics.label_slopes import (
    JUST_BEFORE,
    slope_move,
    vanished,
)

HALF = 0.5
"""A move is overnight if less than half of it was there before, and turned labels if
more than half of it is what they would bring: whichever hypothesis is nearer counts."""
SURELY = 3.0
"""Standard errors below 0 from which a slope is surely negative."""


@dataclass(frozen=True, slots=True)
class LabelMoves:
    """Mature days before and since the onset of a breach, and what moved between them.

    Attributes:
        days: All of them, oldest first.
        began: The onset.
        policy: How sure and how large is a move.
    """

    days: Sequence[LabelDay]
    began: date
    policy: Policy

    def texts(self) -> Iterator[str]:
        """Say what shows that the labels moved overnight, and the outputs did not."""
        before, since = self._before, self._since
        moved = [h for h in held_levels(before, since) if self._is_overnight(h)]
        chance = (1 - self.policy.confidence) / max(len(moved), 1)
        least = self.policy.outcome.min_label_shift
        sure = [h for h in moved if h.p_value < chance and h.size >= least]
        farthest = min(sure, key=lambda held: held.p_value, default=None)
        if farthest is not None:
            yield f"since the onset {farthest.text}"
            return
        is_binary = bool(since) and since[-1].labels.levels.keys() == {POSITIVE}
        turned = list(self._turned(moved)) if is_binary else []
        yield from turned
        if not turned and self.are_dealt_anew():
            yield _of_other_rows()

    @property
    def _since(self) -> list[LabelDay]:
        return [d for d in self.days if d.day >= self.began]

    @property
    def _before(self) -> list[LabelDay]:
        calm = [d for d in self.days if d.day < self.began and d.is_calm]
        return calm[-self.policy.labels.baseline_days :]

    def _is_overnight(self, held: HeldLevel) -> bool:
        """Whether less than half of a move was there just before the onset."""
        before = self._before
        crept = held_level(held.level, before[:-JUST_BEFORE], before[-JUST_BEFORE:])
        if crept is None:
            return True
        sign = 1 if held.alone.distance > 0 else -1
        return sign * crept.alone.distance <= HALF * abs(held.alone.distance)

    def _turned(self, held: Sequence[HeldLevel]) -> Iterator[str]:
        """Say that a share of binary labels looks turned into their contrary.

        Turning a share f of them leaves 1 - 2 f of the slope of labels on scores and
        moves the rate by f (1 - 2 p), towards one half; labels that follow the
        features less leave as much of the slope and move no rate. A slope surely below
        0 is what only the contrary leaves; scores turned round have been ruled out by
        other versions before.
        """
        slope = slope_move(self._before, self._since) if held else None
        if slope is None or slope.usual <= 0:
            return
        if slope.value < -SURELY * slope.error:
            yield (
                "since the onset positive labels go with low scores, where they went "
                "with high ones: more than half of the labels look turned round"
            )
            return
        usual, _ = held[0].ends
        share = min(max((1 - slope.value / slope.usual) / 2, 0.0), 1.0)
        turned = share + (1 - 2 * share) * usual
        expected = log_odds(turned) - log_odds(usual)
        sign = 1 if expected > 0 else -1
        alone, beside = held[0].alone, held[0].beside
        nearest = min(sign * alone.distance, sign * beside.distance)
        # Where turned labels would move the rate no further than chance, nothing tells.
        is_told = abs(expected) >= min(alone.error, beside.error)
        if is_told and nearest > HALF * abs(expected):
            yield (
                f"since the onset {held[0].text}; {share:.0%} of labels turned into "
                "their contrary would bring that"
            )

    def are_dealt_anew(self, among: int = 1) -> bool:
        """Whether labels lost what they had to do with the outputs, overnight.

        Args:
            among: Of how many parts of the rows it is asked.
        """
        chance = (1 - self.policy.confidence) / among
        return vanished(self._before, self._since, chance=chance) is not None


def dealt_anew_in_segments(
    days: Mapping[str, Sequence[LabelDay]], began: date, policy: Policy
) -> dict[str, str]:
    """Return the segments whose labels look like those of other rows, and say so.

    Only where labels of other segments of the column go with the outputs: else it is
    about all rows.

    Args:
        days: Segment -> its mature days, oldest first.
        began: The onset.
        policy: How sure is a move.
    """
    by_column: dict[str, dict[str, bool]] = {}
    for segment, of_segment in days.items():
        moves = LabelMoves(of_segment, began, policy)
        are_anew = by_column.setdefault(segment.partition("=")[0], {})
        are_anew[segment] = moves.are_dealt_anew(among=len(days))
    return {
        segment: _of_other_rows(f" where {segment}")
        for are_anew in by_column.values()
        for segment, is_anew in are_anew.items()
        if is_anew and not all(are_anew.values())
    }


def _of_other_rows(where: str = "") -> str:
    return (
        f"since the onset the labels{where} have next to nothing to do with the "
        "outputs, where they went closely with them: labels of other rows (ids mixed "
        "up, a join that slipped)?"
    )
