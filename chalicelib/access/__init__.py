"""Who is calling, and what a route allows."""
