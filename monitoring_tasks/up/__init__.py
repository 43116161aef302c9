"""The whole stack on one machine, for one person: `daywatch up`."""
