"""Kinds of English words, told by lists of closed classes and by endings: no tagger of English comes with the product."""

from types import MappingProxyType

# words as the tokenizer cuts them: ca + n't, wo + n't, ai + n't, gon + na, got + ta
CLOSED = {
    "subject": "i we they he she it you there nobody everybody everyone somebody someone people",
    "object": "me him them us myself himself herself itself themselves yourself",
    "determiner": (
        "the a an my your his her our their its this that these those some any no every each another both all"
    ),
    "conjunction": "and but or nor yet",
    "subordinator": (
        "so then because cause cos since although though while unless until till if when whenever once as than whether "
        "after before"
    ),
    "question": "who what which where why how whose whoever whatever",
    "be": "am is are was were be been being 's 're 'm ai",
    "auxiliary": "have has had 've 'd do does did",
    "modal": "will would can could may might must shall should 'll ca wo gon used",
    "negation": "not never n't nothing none",
    "particle": "na ta",
    "preposition": (
        "of in on at by for with from to into about over under between through against without within onto off out up down "
        "around near across per like"
    ),
    "adverb": (
        "just really very quite too also still even already always only maybe probably actually honestly basically literally "
        "anyway again here now today yesterday tomorrow usually sometimes often ever almost"
    ),
    "filler": "um uh er well oh ah right okay ok yeah yes mean look see",
    "number": (
        "one two three four five six seven eight nine ten hundred thousand twenty thirty forty fifty first second third last next"
    ),
    "verb": (
        "think thought know knew said says say told tell asked go went got get took take came come made make put felt feel saw "
        "found find bought buy tried try kept keep gave give left let want wanted need use uses liked love loved guess suppose "
        "remember forgot started start turned turns looks looked seems tastes smells works worked sent paid ordered read heard "
        "met ran ate drank"
    ),
}
KINDS = MappingProxyType({word: kind for kind, words in CLOSED.items() for word in words.split()})
ENDINGS = {"ing": "-ing", "ed": "-ed", "ly": "-ly", "ss": "other", "s": "-s"}


def kind_of(word: str) -> str:
    """Return the kind of a word in lower case; of one in no list its ending."""
    if word in KINDS:
        return KINDS[word]
    if word[:1].isdigit():
        return "number"
    return next((kind for ending, kind in ENDINGS.items() if word.endswith(ending)), "other")
