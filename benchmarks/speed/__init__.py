"""How fast a model-day is, beside the peers: same rows, cold processes, one run."""
