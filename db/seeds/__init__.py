"""What an empty database is filled with: the demo district, built by calling the actions."""
