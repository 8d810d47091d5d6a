"""What is to be billed in all of orders that are billed on order: a copy of what sales says."""
