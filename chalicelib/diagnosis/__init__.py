"""What a shop's past contacts tell about the desk that it needs."""
