"""Where customers stop: orders, summary and subscriptions of a build go in; out come stop points, survival and surplus."""
