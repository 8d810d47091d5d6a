"""What other systems call our accounts."""
