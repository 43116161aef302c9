"""Data sets, the worlds made of them, and the models that serve them."""
