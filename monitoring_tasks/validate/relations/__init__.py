"""What columns say of each other: learnt from a reference, counted on a day."""
