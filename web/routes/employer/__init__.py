"""The employer's own place (/employer): their posts, posting and correcting them, who agreed to come."""

from web.routes.employer import candidates, home, posting, posts, ratings, signing

ROUTES = [*home.ROUTES, *posting.ROUTES, *posts.ROUTES, *candidates.ROUTES, *ratings.ROUTES, *signing.ROUTES]
