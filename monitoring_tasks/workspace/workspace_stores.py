"""What a workspace keeps in its database, each part opened when it is first used."""

from dataclasses import dataclass
from functools import cached_property

from monitoring_tasks.clock import SYSTEM_CLOCK, Clock
from monitoring_tasks.settings import ConnectionLookup, Settings
from monitoring_tasks.store.batch_summaries import BatchSummaries
from monitoring_tasks.store.contract_versions import ContractVersions
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.deliveries import Deliveries
from monitoring_tasks.store.heard_events import HeardEvents
from monitoring_tasks.store.incident_work import IncidentWork
from monitoring_tasks.store.journal_heads import JournalHeads
from monitoring_tasks.store.leases import Leases
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.regulatory_events import HEADS_FILE as REGULATORY_HEADS
from monitoring_tasks.store.regulatory_events import RegulatoryEvents
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.silences import Silences
from monitoring_tasks.store.slo_days import newest_as_of


@dataclass
class WorkspaceStores:
    """The parts of a workspace that need its database alone.

    Attributes:
        settings: Where things are.
        look_up: From a connection's name to its URL, e.g. Airflow's connections.
    """

    settings: Settings
    look_up: ConnectionLookup | None = None

    @cached_property
    def clock(self) -> Clock:
        """What time it is; a simulated one stands at the newest evaluation."""
        if self.settings.clock == "simulated":
            return Clock(simulated_at=lambda: newest_as_of(self.database))
        return SYSTEM_CLOCK

    @cached_property
    def database(self) -> Database:
        """The store's database, its tables up to date."""
        return Database(self.settings.store_url)

    @cached_property
    def results(self) -> Results:
        """Evaluations and findings."""
        return Results(self.database)

    @cached_property
    def profiles(self) -> Profiles:
        """Counts by day."""
        return Profiles(self.database)

    @cached_property
    def batch_summaries(self) -> BatchSummaries:
        """What days' rows look like."""
        return BatchSummaries(self.database)

    @cached_property
    def incident_work(self) -> IncidentWork:
        """What incidents leave behind: action items and tests."""
        return IncidentWork(self.database)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What became of messages on their way."""
        return Deliveries(self.database)

    @cached_property
    def heard_events(self) -> HeardEvents:
        """What people did in channels."""
        return HeardEvents(self.database)

    @cached_property
    def silences(self) -> Silences:
        """What nobody is to be paged about."""
        return Silences(self.database)

    @cached_property
    def contract_versions(self) -> ContractVersions:
        """What was expected of models when."""
        return ContractVersions(self.database)

    @cached_property
    def regulatory_events(self) -> RegulatoryEvents:
        """What people put on the regulatory records of incidents."""
        heads = JournalHeads(self.settings.home / REGULATORY_HEADS)
        return RegulatoryEvents(self.database, heads)

    @cached_property
    def leases(self) -> Leases:
        """Who works on what."""
        return Leases(self.database)
