"""Workbooks: what may be opened, read and written; the heavy part runs in small processes with limits."""
