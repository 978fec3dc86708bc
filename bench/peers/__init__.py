"""The public board once more, as a good developer would write it with other tools."""
