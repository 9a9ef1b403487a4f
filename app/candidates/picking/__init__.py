"""The picker: pure functions from customer summaries to chosen people, twins and coverage. No session, no clock."""
