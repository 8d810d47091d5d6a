"""API keys: their form, their store, who asks, and how often."""
