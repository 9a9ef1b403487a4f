"""From an uploaded order file to checked rows: encoding, headers, mapping, values, held-back rows."""
