"""Durable state: the only SQL writes and the only MLflow door."""
