"""Electronic mail: how a letter leaves the house."""
