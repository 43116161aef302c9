"""Many models: what parsing and running a fleet costs, beside empty DAGs."""
