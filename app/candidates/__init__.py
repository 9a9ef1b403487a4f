"""Candidates (候補): whom to talk to, and why, in sentences.

In: a study's quotas and the customer summaries of the purchases stage.
Out: people under code names (コード名) with reasons, fact cards (事実カード), twins (明暗ペア), who was left out
and why, the coverage of the shop's cells (聞き取り区画), and each person's way from proposed to held.
"""
