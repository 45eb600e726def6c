"""People: how they sign in, what they are, who let them in, and how they are let out."""
