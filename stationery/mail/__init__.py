"""Electronic mail: where it goes out, what a message looks like, how it leaves the house."""
