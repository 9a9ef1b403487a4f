"""Writes the corpus: `train.jsonl`, `dev.jsonl`, `test.jsonl`, `test_natural.jsonl` from the authors that are read by two and settled.

python seed_data/tagger/make_corpus.py                    writes the files, says what is still to be read or settled
python seed_data/tagger/make_corpus.py sheet AUTHOR       what a reader gets: sentences with their context, no labels
python seed_data/tagger/make_corpus.py check AUTHOR a     faults of what reader a (or b, c) wrote
python seed_data/tagger/make_corpus.py disputes AUTHOR    where the readers differ, for the third (c), in shuffled order
"""

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable

from corpus_files import HERE, Author, Fault, Row, authors, labels, sentences

READERS = ("a", "b")
THIRD = "c"
SETS = ("stages", "channel", "cancel_reason", "anxiety_kind")


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def differ(one: Row, other: Row) -> bool:
    """Return whether two readings give different stages, channels, reasons or kinds of worry."""
    return any(set(one[name]) != set(other[name]) for name in SETS)


def agreed(one: Row, other: Row) -> Row:
    """Return what two readings that do not differ have in common: facets both gave, of two spans the shorter."""
    spans = [*one["evidence"], *other["evidence"]]
    return {
        **{name: one[name] for name in SETS},
        "facets": [facet for facet in one["facets"] if facet in other["facets"]],
        "evidence": [
            min((span for span in spans if span["stage"] == stage), key=lambda span: span["end"] - span["start"])
            for stage in one["stages"]
        ],
    }


def read_by(author: Author, reader: str) -> dict[str, Row]:
    """Return what a reader gave an author's sentences; nothing where they have not begun."""
    begun = (HERE / "labels" / f"{author.id}.{reader}.txt").exists()
    return labels(author, reader) if begun else {}


def settled(author: Author) -> tuple[list[Row], Counter[str]]:
    """Return the sentences of an author with their labels, and how many were agreed, adjudicated or are still open."""
    first, second, third = (read_by(author, reader) for reader in (*READERS, THIRD))
    rows, seen = list[Row](), Counter[str]()
    for row in sentences(author):
        both = [reading[row["id"]] for reading in (first, second) if row["id"] in reading]
        if len(both) < len(READERS):
            seen["not read"] += 1
        elif not differ(*both):
            seen["agreed"] += 1
            rows.append(_final(row, agreed(*both), both, "agreed"))
        elif row["id"] in third:
            seen["adjudicated"] += 1
            rows.append(_final(row, third[row["id"]], both, "adjudicated"))
        else:
            seen["open"] += 1
    return rows, seen


def _final(row: Row, labelled: Row, both: list[Row], how: str) -> Row:
    return {**row, **labelled, "settled": how, "readers": dict(zip(READERS, both, strict=True))}


def write() -> None:
    """Write the files of the splits."""
    files: dict[str, list[Row]] = defaultdict(list)
    total = Counter[str]()
    for author in authors().values():
        if (HERE / "texts" / f"{author.id}.txt").exists():
            rows, seen = settled(author)
            total += seen
            if not seen["not read"] + seen["open"]:
                files[author.split] += rows
        else:
            total["authors to write"] += 1
    for split, rows in files.items():
        if not rows:
            continue
        text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
        (HERE / f"{split}.jsonl").write_text(text, encoding="utf-8")
    say(f"{dict(total)} { ({split: len(rows) for split, rows in files.items()}) }")


def sheet(author: Author) -> None:
    """Print the sentences for a reader."""
    interview = ""
    for number, row in enumerate(sentences(author), 1):
        if row["interview"] != interview:
            interview = row["interview"]
            say(f"\n=== {row['product']} ({row['category']}) {row['customer']}")
        if not row["position"]:
            say(_asked(row))
        say(f"{number}\t{row['text']}")


def _asked(row: Row) -> str:
    return f"[{'alt ' if 'copy_of' in row else ''}{row['question'] or 'none'} {row['question_text']}]".replace(
        " ]", "]"
    )


def check(author: Author, reader: str) -> None:
    """Print what is missing in a reader's file; a line that cannot be read ends with its fault."""
    found = labels(author, reader)
    missing = [number for number, row in enumerate(sentences(author), 1) if row["id"] not in found]
    say(f"{len(found)} read, missing: {missing or 'none'}")


def disputes(author: Author) -> None:
    """Print the sentences on which the readers differ, with both readings."""
    first, second = (labels(author, reader) for reader in READERS)
    for number, row in enumerate(sentences(author), 1):
        both = [first[row["id"]], second[row["id"]]]
        if differ(*both):
            random.Random(row["id"]).shuffle(both)
            say(f"\n{_asked(row)} {row['product']} {row['customer']}; before: {' / '.join(row['previous'])}")
            say(f"{number}\t{row['text']}")
            for name, one in zip("12", both, strict=True):
                say(f"   {name}  {_shown(row['text'], one)}")


def _shown(text: str, one: Row) -> str:
    spans = [f"{span['stage']}={text[span['start'] : span['end']]}" for span in one["evidence"]]
    lists = [f"{name}: {', '.join(one[name])}" for name in ("facets", *SETS[1:]) if one[name]]
    return "  ".join([*spans, *lists]) or "-"


COMMANDS: dict[str, Callable[..., None]] = {"sheet": sheet, "check": check, "disputes": disputes}


def main(words: list[str]) -> int:
    """Do what the command line says."""
    try:
        if words:
            COMMANDS[words[0]](authors()[words[1]], *words[2:])
        else:
            write()
    except Fault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
