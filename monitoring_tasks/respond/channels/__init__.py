"""What each channel says of a notice; nothing is sent here."""
