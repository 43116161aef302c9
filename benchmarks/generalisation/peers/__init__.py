"""NannyML and Evidently before the same batches, on the same mornings."""
