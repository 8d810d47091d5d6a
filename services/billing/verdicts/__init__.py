"""Whether a bill may go out by itself, or waits for a person."""
