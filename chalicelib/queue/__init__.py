"""Work is pulled: the next contact, the agent's lease on what is held, and the sweeper of lapsed leases."""
