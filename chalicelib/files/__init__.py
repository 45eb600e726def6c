"""Files that go with a conversation: taken in, made harmless, and given out by links that soon end."""
