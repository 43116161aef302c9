"""How days grow whose rows stay in files: more rows, columns, values, segments."""
