"""Staff: the people who look after accounts, and whom they report to."""
