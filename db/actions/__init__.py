"""Verbs: one transaction each, the rule checked again inside it, always a journal entry."""
