"""Setting a shop up: its choices one by one, what is still missing, and going live."""
