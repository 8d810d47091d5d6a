"""Policies: which of what is owed money goes to where nobody says what it is for."""
