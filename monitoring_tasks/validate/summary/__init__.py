"""What a day's rows look like: one summary, measured the same on every day."""
