"""The one write to the registry, and finding out what came of it."""

from dataclasses import dataclass
from datetime import datetime

from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_fixed

from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.errors import (
    AliasInDoubtError,
    RegistryError,
    SourceUnavailableError,
)
from monitoring_tasks.respond.ports import AliasRegistry, RollbackLog

S = RollbackState
READS = 3
"""A registry read through a replica may show what was before the write for a while."""
PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasWriter:
    """Writes an alias and finds out, by reading, what became of it.

    Attributes:
        registry: Where the alias lives.
        rollbacks: Where every step is written.
    """

    registry: AliasRegistry
    rollbacks: RollbackLog

    def write(
        self, rollback: Rollback, *, fence: int, now: datetime, is_first: bool = False
    ) -> Rollback:
        """Read, write, read again.

        Args:
            rollback: One that is in doubt.
            fence: Token of the lease.
            now: The present instant.
            is_first: Whether Daywatch surely has not written yet; whoever put the
                alias where it is wanted was somebody else then.

        Returns:
            The rollback, `applied`, `superseded` or `failed`.

        Raises:
            AliasInDoubtError: If the registry does not say what came of the write.
            SourceUnavailableError: If the registry cannot be read before the write.
        """
        stands = self._stands(rollback)
        if is_first and stands == rollback.to_version:
            return self._superseded(rollback, stands, fence=fence, now=now)
        settled = self._settled(rollback, stands, fence=fence, now=now)
        if settled.state is not rollback.state:
            return settled
        return self._set(rollback, fence=fence, now=now)

    def _set(self, rollback: Rollback, *, fence: int, now: datetime) -> Rollback:
        try:
            self.registry.set_alias(rollback.model, rollback.alias, rollback.to_version)
        except SourceUnavailableError as error:
            # No answer is no refusal: the write may have been made.
            return self._in_doubt(rollback, str(error), fence=fence, now=now)
        except RegistryError as error:
            return self.rollbacks.advance(
                rollback, S.FAILED, at=now, text=f"not moved: {error}", fence=fence
            )
        try:
            stands = self._after(rollback)
        except SourceUnavailableError as error:
            return self._in_doubt(rollback, str(error), fence=fence, now=now)
        settled = self._settled(rollback, stands, fence=fence, now=now)
        if settled.state is rollback.state:
            text = f"written, and still read as version {rollback.from_version}"
            return self._in_doubt(rollback, text, fence=fence, now=now)
        return settled

    def reconcile(self, rollback: Rollback, *, fence: int, now: datetime) -> Rollback:
        """Find out by reading what came of a write nobody saw the end of.

        It is read a few times, as after a write: one read may show what was before.

        Args:
            rollback: One that is in doubt.
            fence: Token of the lease.
            now: The present instant.

        Returns:
            The rollback, `applied` or `superseded`; as it was when the alias stands
            where it stood.

        Raises:
            SourceUnavailableError: If the registry cannot be read.
        """
        return self._settled(rollback, self._after(rollback), fence=fence, now=now)

    def _in_doubt(
        self, rollback: Rollback, why: str, *, fence: int, now: datetime
    ) -> Rollback:
        """Write the doubt down first; then try to end it by reading."""
        if rollback.state is not S.INDETERMINATE:
            rollback = self.rollbacks.advance(
                rollback, S.INDETERMINATE, at=now, text=why, fence=fence
            )
        try:
            settled = self._settled(
                rollback, self._after(rollback), fence=fence, now=now
            )
        except SourceUnavailableError as error:
            raise _doubt(rollback, str(error)) from error
        if settled.state is S.INDETERMINATE:
            raise _doubt(rollback, why)
        return settled

    def _settled(
        self, rollback: Rollback, stands: str | None, *, fence: int, now: datetime
    ) -> Rollback:
        # Nothing was written yet, or a replica still shows what was before.
        if stands == rollback.from_version:
            return rollback
        # Of one that never wrote, the target being there is somebody else's move.
        if stands == rollback.to_version and rollback.state in {
            S.EXECUTING,
            S.INDETERMINATE,
        }:
            return self.rollbacks.advance(
                rollback,
                S.APPLIED,
                at=now,
                text=f"read back at version {stands}",
                applied_at=now,
                fence=fence,
            )
        return self._superseded(rollback, stands, fence=fence, now=now)

    def _superseded(
        self, rollback: Rollback, stands: str | None, *, fence: int, now: datetime
    ) -> Rollback:
        text = (
            f"alias '{rollback.alias}' stands at version {stands or 'none'} and not at "
            f"{rollback.from_version}, and Daywatch did not put it there: somebody "
            "else moved it, so Daywatch leaves it alone"
        )
        return self.rollbacks.advance(
            rollback, S.SUPERSEDED, at=now, text=text, fence=fence
        )

    def _stands(self, rollback: Rollback) -> str | None:
        return self.registry.alias_version(rollback.model, rollback.alias)

    def _after(self, rollback: Rollback) -> str | None:
        """Read a few times while the registry shows what was before."""
        retry = Retrying(
            stop=stop_after_attempt(READS),
            wait=wait_fixed(PAUSE_SECONDS),
            retry=retry_if_result(lambda stands: stands == rollback.from_version),
            # Still what was before, however often it is read: then that is the answer.
            retry_error_callback=lambda _: rollback.from_version,
        )
        return retry(self._stands, rollback)


def _doubt(rollback: Rollback, why: str) -> AliasInDoubtError:
    msg = (
        f"rollback {rollback.id}: it is not known whether alias '{rollback.alias}' of "
        f"{rollback.model} was moved to version {rollback.to_version} ({why}); run the "
        "same again: the registry is read before anything is written"
    )
    return AliasInDoubtError(msg)
