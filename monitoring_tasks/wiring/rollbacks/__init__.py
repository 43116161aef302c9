"""Rollbacks wired: asking, guarding, moving, verifying, and what people may do."""
