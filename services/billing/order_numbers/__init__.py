"""What clients call their orders, where they said so after the order was confirmed."""
