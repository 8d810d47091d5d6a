"""What accounts get for goods that came back: credit, or others in their place."""
