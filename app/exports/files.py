"""Content in, a finished file out: no session, no clock."""

from app.boards.schemas import PersonBoard
from app.core.i18n import Translator
from app.exports.deck.fit import clean
from app.exports.deck.ink import Faces
from app.exports.models import ExportKind
from app.exports.schemas import MEDIA_TYPES, Content, ExportFile


def build(content: Content, t: Translator, faces: Faces) -> ExportFile:
    """Return the file of this content in the reader's language."""
    return ExportFile(
        name=file_name(content), media_type=MEDIA_TYPES[content.kind], content=file_bytes(content, t, faces)
    )


def file_bytes(content: Content, t: Translator, faces: Faces) -> bytes:
    """Return the bytes of the file. The writers of office files are loaded here: pages start without them."""
    board = content.board
    if content.kind is ExportKind.XLSX:
        from app.exports.workbook import quotes_workbook

        return quotes_workbook(board, t, face=faces.record)
    from app.exports.deck.person import person_deck
    from app.exports.deck.study import study_deck

    return person_deck(board, t, faces) if isinstance(board, PersonBoard) else study_deck(board, t, faces)


def file_name(content: Content) -> str:
    """Return a name that says what and as of when; code names only."""
    board = content.board
    about = board.code_name if isinstance(board, PersonBoard) else board.product
    day = f"_{board.as_of.isoformat()}" if board.as_of else ""
    safe = "".join(char if char not in '\\/:*?"<>|' else "_" for char in clean(about))[:60].strip(" .")
    return f"{safe or 'board'}{day}.{content.kind.value}"
