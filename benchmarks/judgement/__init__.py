"""Is an alarm right? Daywatch, NannyML and Evidently on the same days."""
