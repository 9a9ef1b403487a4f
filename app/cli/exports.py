"""`n1 exports`: decks and quote workbooks written to a file, with the same log as the pages."""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app.accounts.schemas import Actor
from app.boards.members import members
from app.cli.common import acting_as, faults_told, parts, reading, say, words, writing
from app.core.errors import NotFound
from app.core.i18n import N_
from app.exports import operations, queries
from app.exports.deck.ink import Faces
from app.exports.files import build
from app.exports.models import ExportKind
from app.exports.schemas import NewExport
from app.studies.queries import get_study

exports = typer.Typer(help="Files that leave the house.", no_args_is_help=True)

StudyId = Annotated[str, typer.Option("--study", help="Public id of the study.")]
PersonCode = Annotated[str, typer.Option("--person", help="Code name of one person; all people without it.")]
OutFile = Annotated[Path, typer.Option("--out", help="Where to write the file.")]
AsUser = Annotated[
    str | None, typer.Option("--as", help="Sign-in name whose view is written; administrator without it.")
]


@exports.command("deck")
def deck(study: StudyId, out: OutFile, person: PersonCode = "", user: AsUser = None) -> None:
    """Write a PowerPoint deck of a study or of one person."""
    write(ExportKind.PPTX, study, out, person, user)


@exports.command("quotes")
def quotes(study: StudyId, out: OutFile, person: PersonCode = "", user: AsUser = None) -> None:
    """Write an Excel workbook with the quotes of a study or of one person."""
    write(ExportKind.XLSX, study, out, person, user)


def person_of(db: Session, actor: Actor, study_id: str, code_name: str) -> str:
    """Return the public id of a person by code name.

    Raises:
        NotFound: nobody in this study has that code name.
    """
    study = get_study(db, actor=actor, study_id=study_id)
    for found in members(db, study):
        if found.person.code_name == code_name:
            return found.person.public_id
    raise NotFound("no_code_name", N_("Nobody in this study has the code name {name}."), name=code_name)


def write(kind: ExportKind, study: str, out: Path, person: str, user: str | None) -> None:
    """Read, build, log, write the file."""
    made_with = parts()
    with faults_told():
        with reading() as db:
            actor = acting_as(db, user)
            person_id = person_of(db, actor, study, person) if person else ""
            data = NewExport(kind=kind, person_id=person_id)
            content = queries.content(db, made_with.orders, actor=actor, study_id=study, data=data)
        settings = made_with.settings
        file = build(content, words(), Faces(record=settings.deck_font, voice=settings.deck_voice_font))
        with writing() as db:
            operations.log_export(db, actor=actor, content=content, now=made_with.clock())
            out.write_bytes(file.content)  # a file that cannot be written is no export, and is not logged as one
    t = words()
    say(t("Wrote {file}: {people} people, {quotes} voices, {out} left out by scope.", file=out,
          people=len(content.people), quotes=content.sentences, out=content.board.left_out.quotes))  # fmt: skip
