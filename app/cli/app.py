"""The tree of commands."""

import typer

from app.cli import candidates, config, db, demo, exports, purchases, serve, studies, tagger, users

app = typer.Typer(name="n1", help="Interview Desk on the command line.", no_args_is_help=True, add_completion=False)
app.add_typer(db.db, name="db")
app.add_typer(config.config, name="config")
app.add_typer(users.users, name="users")
app.add_typer(purchases.purchases, name="purchases")
app.add_typer(studies.studies, name="studies")
app.add_typer(candidates.candidates, name="candidates")
app.add_typer(exports.exports, name="exports")
app.add_typer(tagger.tagger, name="tagger")
app.command()(demo.demo)
app.command()(serve.serve)
