"""What production and operators use: secrets, instances, keys, parked messages, imports."""
