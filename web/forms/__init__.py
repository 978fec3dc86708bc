"""One form class per question page: the shape of what was typed. The law is in `rules`."""
