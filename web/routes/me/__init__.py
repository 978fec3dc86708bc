"""The worker's own place (我的): what waits for an answer, applications, agreements, the own data and the rights over them."""

from web.routes.me import agreements, applications, home, profile, rights

ROUTES = [*home.ROUTES, *applications.ROUTES, *agreements.ROUTES, *profile.ROUTES, *rights.ROUTES]
