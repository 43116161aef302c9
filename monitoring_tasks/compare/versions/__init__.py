"""Other versions on the rows of a day, and a release beside what it replaced."""
