"""The flights of 2013 as a scoring job would have left them."""
