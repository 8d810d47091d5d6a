"""Returns that open by themselves: by a remedy, or by lines of an order below nothing."""
