"""Studies (調査): what is to be learned, from whom, with which questions.

In: a product, quotas per lane (候補区分), hypotheses, members, a guide version (質問ガイド).
Out: the study that candidates, interviews and boards hang on, and its questions with probes (深掘り質問).
"""
