"""`make demo`: a year of a made-up business, played through the gateway with the manual clock."""
