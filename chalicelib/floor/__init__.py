"""What a lead sees of the floor: queues, people and shops of a pool, live."""
