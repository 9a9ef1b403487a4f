"""The light model: a linear reading of words, letters, meanings and context for every stage, small and fast.

Two layers. The first reads the sentence alone; the second sets what it found beside the question, the customer's class,
the sentence before and the cue rules, and gives probabilities. Trained by `app.language.training`.
"""
