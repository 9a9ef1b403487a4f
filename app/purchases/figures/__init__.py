"""From checked rows to figures: order lines, customer summary, count × elapsed, stop points, the list that pages read."""
