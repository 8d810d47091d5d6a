"""What is kept from clients who do not pay."""
