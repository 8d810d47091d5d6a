"""What is to be billed in all of orders billed on order; what is billed and not agreed any more: a person
is told, until it is credited or left."""
