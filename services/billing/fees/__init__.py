"""Fees, interest and letter charges that collections assesses: demanded, forgiven, demanded again."""
