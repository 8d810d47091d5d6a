"""Teams: people who look after accounts together, each from a day to a day."""
