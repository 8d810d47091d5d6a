"""Many cases entered at once, with all that was done with them: the history that a firm brings along."""
