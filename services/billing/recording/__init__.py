"""What falls due of charges is recorded, every morning."""
