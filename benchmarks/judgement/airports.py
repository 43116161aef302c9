"""Three models with one upstream: an airport's flights each, scored by version 2.

Real: the flights, as in the demo. Made: that every airport has a model of its own. One
source feeds all three (declared in their contracts): what breaks in it breaks three
models on the same day.
"""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.judgement import flights
from benchmarks.judgement.raw import World, write_days, write_version
from monitoring_tasks.demo.training import RECIPES

NAME = "airports"
AIRPORTS = ("EWR", "JFK", "LGA")
FIRST, LAST = date(2013, 8, 1), date(2013, 9, 20)
UPSTREAM = "flight-feed"


def _contract(airport: str) -> dict[str, Any]:
    """Return the flights' contract for one airport, fed by the shared source."""
    whole = flights.contract()
    model = f"delay_{airport.lower()}"
    sources = {
        kind: source | {"path": f"{model}/{source['path']}"}
        for kind, source in whole["sources"].items()
    }
    columns = whole["columns"] | {"segments": []}
    policy = whole["policy"] | {"alarms": {"upstreams": [UPSTREAM]}}
    return whole | {
        "model": model,
        "sources": sources,
        "columns": columns,
        "policy": policy,
    }


def _make(airport: str, folder: Path) -> None:
    trained, world = flights.second(), WORLDS[_world(airport)]
    known = trained.reference.assign(model_version="1")
    window = (RECIPES[1].first, RECIPES[1].last)
    write_version(
        folder,
        "1",
        reference=known[known["origin"].eq(airport)].reset_index(drop=True),
        model=trained.model,
        trained=window,
    )
    rows = flights.scored(world.days, trained.model).assign(model_version="1")
    here = rows[rows["origin"].eq(airport)].reset_index(drop=True)
    write_days(folder, here, world.parsed, days=world.days)


def _world(airport: str) -> str:
    return f"{NAME}-{airport.lower()}"


WORLDS: dict[str, World] = {
    _world(airport): World(
        name=_world(airport),
        about=f"the flights from {airport}, one of three models with one upstream",
        first=FIRST,
        last=LAST,
        contract=_contract(airport),
        make=partial(_make, airport),
        served=lambda _: "1",
        tuned_until=flights.TUNED_UNTIL,
        fleet=NAME,
    )
    for airport in AIRPORTS
}
