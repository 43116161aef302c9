"""Known faults in healthy days, to see whether the judgement is right."""
