"""One customer: quotes to journey, orders and voices to turning point, all to a board."""
