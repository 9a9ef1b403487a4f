"""The consent sentences of `seed_data/guides/consent.toml`: versioned, never edited once read out."""

import tomllib
from functools import cache
from pathlib import Path

from app.interviews.labels import ITEM_LABELS
from app.interviews.models import ConsentItem
from app.interviews.schemas import ConsentText, ConsentWording

CONSENT_FILE = Path(__file__).resolve().parents[2] / "seed_data" / "guides" / "consent.toml"


def parse_wordings(source: str, locale: str) -> tuple[ConsentWording, ...]:
    """Return every version of the wording in one language, oldest first.

    Raises:
        KeyError: a version lacks the language or one of the six items.
    """
    return tuple(
        ConsentWording(
            version=entry["version"],
            opening=entry[locale]["opening"],
            items=tuple(
                ConsentText(item=item, label=ITEM_LABELS[item], **entry[locale][item.value]) for item in ConsentItem
            ),
        )
        for entry in tomllib.loads(source)["versions"]
    )


@cache
def current_wording(locale: str = "ja") -> ConsentWording:
    """Return the newest wording; customers read Japanese unless English is asked for."""
    language = locale if locale == "en" else "ja"
    return parse_wordings(CONSENT_FILE.read_text("utf-8"), language)[-1]
