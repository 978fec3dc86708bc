"""One module per room; columns only, no logic."""
