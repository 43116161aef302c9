"""What other limits would have said and done, and which ones to propose."""
