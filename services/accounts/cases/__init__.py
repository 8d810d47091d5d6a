"""Cases: what clients bring up, from its receipt until they confirm that it is solved."""
