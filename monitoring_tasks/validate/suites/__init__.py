"""Suites: what users expect of their rows, read, proposed, tried and held."""
