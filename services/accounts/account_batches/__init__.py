"""Many accounts opened at once: the clients that a firm brings along."""
