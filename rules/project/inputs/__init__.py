"""What clients may send: body models, their fields and bounds, and bodies without a type."""
