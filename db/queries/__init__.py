"""Questions: one SQL each, named as the question, the asker's scope first, rows out."""
