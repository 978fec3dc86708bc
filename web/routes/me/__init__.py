"""The worker's own place (我的): what waits for an answer, applications, agreements, the own data and the rights over them."""

from web.routes.me import agreements, applications, call_backs, groups, home, profile, ratings, rights, signing

ROUTES = [
    *home.ROUTES,
    *applications.ROUTES,
    *agreements.ROUTES,
    *signing.ROUTES,
    *call_backs.ROUTES,
    *ratings.ROUTES,
    *profile.ROUTES,
    *groups.ROUTES,
    *rights.ROUTES,
]
