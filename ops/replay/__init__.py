"""`make replay FILE=…`: plays a recorded history of invoices and payments through the gateway."""
