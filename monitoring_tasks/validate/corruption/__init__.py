"""What a day has that days like the baseline never have: a module a pattern."""
