"""A day's rows: their keys, texts, labels and samples; pure, nothing is read."""
