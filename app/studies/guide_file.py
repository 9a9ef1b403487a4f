"""Reads a guide or a list of hypothesis templates: TOML or stored JSON in, frozen values out."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from app.language.codebook import Stage
from app.purchases.classes import CustomerClass
from app.studies.schemas import (
    Ask,
    GuideContent,
    GuideQuestion,
    HypothesisTemplate,
    PointsAt,
    Probe,
)

GUIDES_DIR = Path(__file__).resolve().parents[2] / "seed_data" / "guides"
PRODUCT_PLACE = "{product}"


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file."""
    with path.open("rb") as file:
        return tomllib.load(file)


def parse_guide(content: dict[str, Any]) -> GuideContent:
    """Return a guide from its tables.

    Raises:
        KeyError, ValueError: a part is missing or an id is not in the codebook.
    """
    return GuideContent(
        slug=content["slug"],
        version=int(content["version"]),
        title=content["title"]["ja"],
        title_en=content["title"]["en"],
        questions=tuple(_question(entry) for entry in content["questions"]),
    )


def _question(entry: dict[str, Any]) -> GuideQuestion:
    fixed = tuple(_probe(probe) for probe in entry.get("fixed_probes", []))
    return GuideQuestion(
        id=entry["id"],
        text=entry["text"]["ja"],
        text_en=entry["text"]["en"],
        intent=entry["intent"]["ja"],
        intent_en=entry["intent"]["en"],
        stage=Stage(entry["stage"]),
        probes=fixed + tuple(_probe(probe) for probe in entry["probes"]),
        for_classes=tuple(CustomerClass(name) for name in entry.get("for_classes", [])),
        points_at=PointsAt(entry.get("points_at", "")),
    )


def _probe(entry: dict[str, Any]) -> Probe:
    return Probe(
        text=entry["ja"],
        text_en=entry["en"],
        ask=Ask(entry["w"]) if "w" in entry else None,
        id=entry.get("id", ""),
        min_orders=int(entry.get("min_orders", 0)),
        points_at=PointsAt(entry.get("points_at", "")),
    )


def parse_templates(content: dict[str, Any]) -> tuple[HypothesisTemplate, ...]:
    """Return the hypothesis templates in the order of the file."""
    return tuple(
        HypothesisTemplate(
            slug=entry["slug"],
            title=entry["title"]["ja"],
            title_en=entry["title"]["en"],
            lines_ja=tuple(entry["lines"]["ja"]),
            lines_en=tuple(entry["lines"]["en"]),
            stop_kind=entry.get("stop", {}).get("kind", ""),
            stop_number=int(entry.get("stop", {}).get("number", 0)),
        )
        for entry in content["templates"]
    )


def hypothesis_templates() -> tuple[HypothesisTemplate, ...]:
    """Return the templates that ship with the product."""
    return parse_templates(read_toml(GUIDES_DIR / "hypotheses.toml"))


@cache
def stop_templates() -> dict[tuple[str, int], HypothesisTemplate]:
    """Return the templates about a stop point, by the kind and the number of the order after which people stopped."""
    return {(one.stop_kind, one.stop_number): one for one in hypothesis_templates() if one.stop_number}


def fill_product(text: str, product: str) -> str:
    """Return the text with the product's name where the guide says (商品名)."""
    return text.replace(PRODUCT_PLACE, product)


def questions_for(guide: GuideContent, customer_class: CustomerClass, product: str) -> tuple[GuideQuestion, ...]:
    """Return the questions asked of a customer of this class, the product's name filled in."""
    return tuple(
        with_product(question, product)
        for question in guide.questions
        if not question.for_classes or customer_class in question.for_classes
    )


def with_product(question: GuideQuestion, product: str) -> GuideQuestion:
    """Return the question with the product's name filled in."""
    return replace(question, text=fill_product(question.text, product), text_en=fill_product(question.text_en, product))
