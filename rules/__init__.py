"""The law: pure functions and frozen values. No clock, no I/O beyond reading its own data files."""
