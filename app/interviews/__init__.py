"""Interviews (聞き取り): a picked candidate comes in; consents, answers and their versions go out."""
