"""Pages for people: HTML on the server, htmx where a region changes. Routes parse, call once, respond."""
