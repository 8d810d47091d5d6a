"""The chassis' part of the broker: topology, listening, publishing, what a message says."""
