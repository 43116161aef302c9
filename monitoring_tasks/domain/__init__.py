"""Facts: frozen data and pure arithmetic; no I/O."""
