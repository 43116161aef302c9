"""All worlds by their names."""

from benchmarks.judgement import (
    airports,
    car_loan,
    census,
    credit_card,
    flights,
    used_car,
)
from benchmarks.judgement.raw import World

WORLDS: dict[str, World] = {
    world.name: world
    for world in (
        flights.WORLD,
        flights.SINCE_MARCH,
        census.WORLD,
        census.LATER,
        car_loan.WORLD,
        credit_card.WORLD,
        used_car.WORLD,
        *airports.WORLDS.values(),
    )
}
WATCHED = {name: world for name, world in WORLDS.items() if not world.fleet}
"""Those whose clean days are counted; the days of a fleet are another world's too."""
