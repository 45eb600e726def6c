"""What shops are told by mail: letters that stand in the table until they are sent."""
