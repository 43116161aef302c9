"""Retrospectives: what weeks and quarters say of alarms, estimates and promises."""
