"""Stock: moves alone, planned and done; what is on hand on a day is their sum."""
