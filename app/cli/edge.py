"""Where a command line comes in: whatever does not fit ends with exit code 2 and one sentence on standard error."""

import sys

import typer
from pydantic import ValidationError
from typer._click import exceptions as usage

from app.cli.common import fail
from app.core.i18n import N_, Translator, translator
from app.core.settings import Settings

MISSING = N_("{name} is missing.")
UNKNOWN = N_("There is no {name} here. Add --help to see what there is.")
UNFIT = N_("This value of {name} cannot be used.")
UNREAD = N_("This command cannot be read as it is written. Add --help to see how.")
NO_ACCESS = N_("{name} cannot be opened, read or written.")


def run(app: typer.Typer) -> None:
    """Run a command. Wrong options, unusable settings and files out of reach are told in one sentence."""
    try:
        code = app(standalone_mode=False)
    except usage.NoArgsIsHelpError as asked:
        asked.show()
        sys.exit(asked.exit_code)
    except usage.ClickException as wrong:
        fail(_sentence(wrong, _words()))
    except ValidationError as wrong:
        fail(_words()(UNFIT, name=_field(wrong)))
    except UnicodeEncodeError:  # bytes of another encoding among the words of the command
        fail(_words()(UNREAD))
    except OSError as fault:
        fail(_words()(NO_ACCESS, name=fault.filename or "-"))
    except typer.Abort:
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _words() -> Translator:
    """Return the translator; Japanese where the settings themselves are the trouble."""
    try:
        settings = Settings()
    except ValidationError:
        return translator("ja", "Asia/Tokyo")
    return translator(settings.locale, settings.timezone)


def _sentence(wrong: usage.ClickException, words: Translator) -> str:
    if isinstance(wrong, usage.NoSuchOption):
        return words(UNKNOWN, name=wrong.option_name)
    if isinstance(wrong, usage.MissingParameter):
        return words(MISSING, name=_parameter(wrong))
    if isinstance(wrong, usage.BadParameter):
        return words(UNFIT, name=_parameter(wrong))
    return words(UNREAD)


def _parameter(wrong: usage.BadParameter) -> str:
    """Return an option as it is typed, an argument by its name in capitals."""
    if wrong.param is None:
        return "-"
    typed = [name for name in wrong.param.opts if name.startswith("--")]
    return typed[0] if typed else (wrong.param.name or "-").upper()


def _field(wrong: ValidationError) -> str:
    """Return the option or the setting that does not fit."""
    name = str(wrong.errors()[0]["loc"][0]) if wrong.errors()[0]["loc"] else "-"
    return f"N1_{name.upper()}" if wrong.title == Settings.__name__ else name
