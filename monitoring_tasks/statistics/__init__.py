"""Formulas several steps share: intervals, trust, arrival of labels, burn rates."""
