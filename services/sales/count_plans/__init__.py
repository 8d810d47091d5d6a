"""Count plans: which products are counted how often, by what they are worth."""
