"""The `daywatch` command."""
