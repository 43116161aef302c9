"""Is that different? Pure functions on numbers."""
