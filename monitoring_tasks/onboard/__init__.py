"""What can be guessed of a model's contract from its rows and its registry; pure."""
