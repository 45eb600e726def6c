"""A contact from the first message to the settled answer."""
