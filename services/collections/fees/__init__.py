"""What a notice costs the client: fees, interest and letter charges."""
