"""The counter: what people see and press."""
