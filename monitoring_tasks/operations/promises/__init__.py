"""What each family of checks promises at a model's volume."""
