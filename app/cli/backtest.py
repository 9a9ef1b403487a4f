"""`n1 purchases returning` and `backtest`: who may order again, and how well the shop's own past told who would come back."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import faults_told, parts, reading, say, say_json, words
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases.returning.queries import backtest_on, kept_of
from app.serving.documents import returning as documents

if TYPE_CHECKING:
    from app.purchases.returning.backtest import Backtest

NOT_COUNTED = N_("Nobody counted yet who may order again. A running server does it after each change of the data.")
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]


def returning(*, json: JsonFlag = False) -> None:
    """Print how many people have which chance of another order; counted after each change of the data."""
    with faults_told(), reading() as session:
        found = documents.returning(kept_of(session, parts().orders))
    if json:
        say_json(found)
    elif found["bands"] is None:
        say(words()(NOT_COUNTED))
    else:
        for band in found["bands"]:
            say(f"{band['from']:.0%}-{band['to']:.0%}\t{band['people']}")


def backtest(
    *,
    cutoff: Annotated[str, typer.Option(help="YYYY-MM-DD: the day that is looked from")],
    horizon: Annotated[int, typer.Option(help="days in which people came back or did not", min=1, max=3650)] = 90,
    json: JsonFlag = False,
) -> None:
    """Score everybody from what was known on a day, and measure it on the days after. Exit code 2 where it cannot be."""
    with faults_told(), reading() as session:
        found = backtest_on(session, parts().orders, cutoff=_day(cutoff), days=horizon)
    if json:
        say_json(found.document())
        return
    for line in _lines(found):
        say(line)


def _lines(found: "Backtest") -> list[str]:
    from app.purchases.returning.scores import REASON_TEXTS  # numpy is loaded where it works

    _ = words()
    told = [_(REASON_TEXTS[found.reason])] if found.reason else []
    told += [
        f"{name}\t{value}" for name, value in found.document().items() if name not in {"bands", "trained_on", "reason"}
    ]
    told.append(f"trained_on\t{' '.join(day.isoformat() for day in found.trained_on)}")
    for band in found.bands:
        shares = "\t".join("-" if one is None else f"{one:.1%}" for one in (band.predicted, band.actual))
        told.append(f"{band.low:.0%}-{band.high:.0%}\t{band.n}\t{shares}")
    return told


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise AppError("day_wrong", N_("{text} is not a date. Write it as 2026-11-20."), text=text) from error
