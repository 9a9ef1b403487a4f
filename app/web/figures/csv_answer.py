"""Files of figures as answers."""

from fastapi import Request
from starlette.responses import Response

from app.core.csv_text import CsvFile
from app.core.i18n import Translator, translator
from app.web.deps import services
from app.web.render import locale_of


def words_of(request: Request) -> Translator:
    """Return the words of the reader's language."""
    return translator(locale_of(request), services(request).settings.timezone)


def csv_answer(name: str, file: CsvFile) -> Response:
    """Return a file to be kept; its name says the day of its figures."""
    stem = f"{name}-{file.as_of}" if file.as_of else name
    headers = {"Content-Disposition": f'attachment; filename="{stem}.csv"'}
    return Response(file.text, media_type="text/csv; charset=utf-8", headers=headers)
