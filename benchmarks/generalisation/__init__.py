"""Does the judgement generalise? Faults drawn from a grammar, on data kept apart."""
