"""What people may do about rollbacks, and what keeps them in order."""
