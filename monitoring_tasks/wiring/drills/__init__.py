"""Drills wired: a copy of real days, a fault put in, the real path run on it."""
