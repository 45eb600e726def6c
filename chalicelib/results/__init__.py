"""How a shop's contacts went, against what it wants reached."""
