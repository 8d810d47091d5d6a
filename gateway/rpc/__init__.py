"""The services: calling them, who is there, what they promise."""
