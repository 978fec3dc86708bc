"""Statistics (统计, domain reference 8.4): facts counted per group or shown row by row, and the tables made of them."""
