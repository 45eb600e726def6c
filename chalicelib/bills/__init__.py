"""What a shop sees of its money: each contact with its price, the forecast, the cap, disputes, the plan."""
