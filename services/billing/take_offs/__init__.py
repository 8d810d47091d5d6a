"""What is to be taken off and finds no bill to be taken off of is credited."""
