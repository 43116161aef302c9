"""Does anyone need to act? Pure functions on findings."""
