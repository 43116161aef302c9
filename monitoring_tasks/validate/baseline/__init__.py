"""What days usually look like: learnt from the summaries of days that were well."""
