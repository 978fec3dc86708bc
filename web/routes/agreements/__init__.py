"""Agreements: drafted with a live preview, printed, signed on paper, handed to the worker (domain reference 3.6)."""

from web.routes.agreements import drafting, guidance, on_screen, signing

ROUTES = [*drafting.ROUTES, *guidance.ROUTES, *signing.ROUTES, *on_screen.ROUTES]
