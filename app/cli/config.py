"""`n1 config`: the settings in force."""

import typer

from app.core.settings import Settings

config = typer.Typer(help="The settings in force.", no_args_is_help=True)


@config.command()
def show() -> None:
    """Print every setting; passwords inside addresses are blanked."""
    for name, value in sorted(Settings().public_view().items()):
        typer.echo(f"{name}={value}")
