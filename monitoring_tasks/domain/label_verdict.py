"""Whether the labels of a day may be used to judge a model by."""

from dataclasses import dataclass, replace
from typing import Self

from monitoring_tasks.domain.findings import LABEL_GATE, Check, Verdict
from monitoring_tasks.domain.json_values import JsonObject

ALL_HELD = "every check held"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelVerdict:
    """What validation said of the labels of a day.

    Attributes:
        usable: Whether they may be joined; if not, all rows count as unlabelled.
        verdict: `ok`, `warn`, `breach`, `no_data`, or `error` where they could not be
            read or joined.
        reason: One sentence.
        failed: The checks that did not pass; None where none could be made.
    """

    usable: bool
    verdict: Verdict
    reason: str
    failed: tuple[Check, ...] | None = None

    def with_faults(self, faults: tuple[Check, ...]) -> Self:
        """Return the verdict with what days before say of the labels.

        Args:
            faults: Failed checks of `LABEL_GATE`; those of an earlier try are replaced.
        """
        before = self._without_faults()
        if not faults:
            return before
        is_fine = before.verdict is Verdict.OK
        return replace(
            before,
            verdict=Verdict.WARN if is_fine else before.verdict,
            reason=faults[0].observed if is_fine else before.reason,
            failed=(*(before.failed or ()), *faults),
        )

    def _without_faults(self) -> Self:
        """Return the verdict as it was before an earlier try held it against days."""
        others = tuple(c for c in self.failed or () if c.gate != LABEL_GATE)
        if len(others) == len(self.failed or ()):
            return self
        if others or self.verdict is not Verdict.WARN:
            return replace(self, failed=others)
        return replace(self, verdict=Verdict.OK, reason=ALL_HELD, failed=())

    @classmethod
    def from_json(cls, plain: JsonObject) -> Self:
        """Read a verdict back from JSON."""
        failed = plain.get("failed")
        return cls(
            usable=plain["usable"],
            verdict=Verdict(plain["verdict"]),
            reason=plain["reason"],
            failed=None if failed is None else tuple(map(Check.from_json, failed)),
        )
