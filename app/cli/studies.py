"""`n1 studies`: make a study, list studies."""

from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import fail, faults_told, parts, reading, say, say_json, words, writing
from app.cli.edge import UNFIT
from app.studies import operations, queries
from app.studies.schemas import MAX_QUOTA, NewStudy

studies = typer.Typer(help="What is to be learned, and from how many people.", no_args_is_help=True)
REPEATED = {"quotas": "quota", "templates": "template"}
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
People = Annotated[int, typer.Option(min=0, max=MAX_QUOTA, help="people wanted")]


@studies.command("create")
def create(
    *,
    product: Annotated[str, typer.Option(help="name of the product, as said in the questions")],
    loyal: People = 0,
    lapsed: People = 0,
    churned: People = 0,
    title: Annotated[str, typer.Option(help="the product's name unless given")] = "",
    question: Annotated[str, typer.Option(help="what the study wants to learn")] = "",
    quota: Annotated[
        list[str] | None, typer.Option(help="people by an attribute, like 性別=女性:4; may be repeated")
    ] = None,
    template: Annotated[list[str] | None, typer.Option(help="hypothesis template, may be repeated")] = None,
    member: Annotated[list[str] | None, typer.Option(help="sign-in name, may be repeated")] = None,
    json: JsonFlag = False,
) -> None:
    """Make a study. Administrators see it, and the members named here."""
    try:
        data = NewStudy(
            product=product, title=title, question=question, loyal=loyal, lapsed=lapsed, churned=churned,
            templates=template or [], quotas=quota or [],
        )  # fmt: skip
    except ValidationError as invalid:
        field = str(invalid.errors()[0]["loc"][0])
        fail(words()(UNFIT, name=f"--{REPEATED.get(field, field)}"))
    with faults_told(), writing() as session:
        study = operations.create_study(
            session, actor=COMMAND_LINE, data=data, now=parts().clock(), logins=tuple(member or ())
        )
        shown = _as_json(
            study_id=study.public_id, title=study.title, product=study.product,
            loyal=study.loyal, lapsed=study.lapsed, churned=study.churned,
        )  # fmt: skip
    if json:
        say_json(shown)
    else:
        say(f"{shown['study_id']}\t{shown['title']}")


def _as_json(*, study_id: str, title: str, product: str, loyal: int, lapsed: int, churned: int) -> dict[str, Any]:
    quotas = {"loyal": loyal, "lapsed": lapsed, "churned": churned}
    return {"study_id": study_id, "title": title, "product": product, "quotas": quotas}


@studies.command("list")
def show(json: JsonFlag = False) -> None:  # noqa: FBT002 - a flag
    """List studies, newest first."""
    with reading() as session:
        rows = [
            _as_json(
                study_id=row.public_id,
                title=row.title,
                product=row.product,
                loyal=row.quotas.loyal,
                lapsed=row.quotas.lapsed,
                churned=row.quotas.churned,
            )
            for row in queries.list_studies(session, actor=COMMAND_LINE)
        ]
    if json:
        say_json({"studies": rows})
        return
    for row in rows:
        say(f"{row['study_id']}\t{row['title']}\t{row['product']}")
