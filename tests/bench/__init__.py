"""What the product costs to run: AWS calls, capacity units and our own CPU, measured on the local AWS."""
