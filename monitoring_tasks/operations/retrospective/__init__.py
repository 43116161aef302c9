"""Retrospectives: written weekly and quarterly, told to channels."""
