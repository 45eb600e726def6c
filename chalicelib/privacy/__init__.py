"""Personal data: recognised, masked, and every look at it on record."""
