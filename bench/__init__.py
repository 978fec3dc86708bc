"""The measurements: ours beside what a user would pick instead, on the same data, in one run (script/bench NAME)."""
