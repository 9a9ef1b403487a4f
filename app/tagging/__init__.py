"""Answers in, sentences with confirmed or proposed journey stages (ジャーニー段階) out.

Machine tags are proposals; a person accepts, changes, adds or rejects (確認).
"""
