"""Who is here and what they may do: users, roles, sign-in sessions, the audit trail."""
