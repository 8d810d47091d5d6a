"""Order bills: lines of an order that sales asks to be billed by themselves, or a shipment again."""
