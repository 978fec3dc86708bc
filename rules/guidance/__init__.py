"""Guided drafting (签约指导, domain reference 4.2): eight questions, and the table that says which agreement fits.

The table is read from the top: the first row that holds decides. A row may be undecided while an answer is missing; then
the first missing answer is the next question, so nothing is asked that changes nothing. Staff decide, not the table: they
may choose another type with a reason, except where the law stops the matter.
"""
