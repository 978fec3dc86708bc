"""The printing house: frozen papers in, PDF bytes out, in worker processes that may die without harm."""
