"""Business days: when we work, by the week and the public holidays of our country."""
