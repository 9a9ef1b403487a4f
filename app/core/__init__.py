"""Ground under every stage: settings, database, types, errors, clock, languages. Imports nothing of ours."""
