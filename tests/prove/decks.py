"""LibreOffice opens every file we export; its pages show text in a Japanese font."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader

from tests.support.client import visitor
from tests.support.world import World


def find_office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


@dataclass(frozen=True)
class Opened:
    name: str
    pages: int
    characters: int


def export(world: World, role: str) -> dict[str, bytes]:
    """Return every kind of file for one role."""
    found = {}
    with visitor(world, role) as client:
        for kind in ("pptx", "xlsx"):
            for whose, form in (
                ("study", {"kind": kind}),
                ("person", {"kind": kind, "person_id": world.ids["person"]}),
            ):
                response = client.post(f"/studies/{world.ids['study']}/exports", data=form)
                if response.status_code != 200:
                    raise RuntimeError(f"{whose} {kind} answered {response.status_code}")
                found[f"{role}-{whose}.{kind}"] = response.content
    return found


def open_with_office(office: str, files: dict[str, bytes], folder: Path) -> list[Opened]:
    """Convert each file to PDF and read it back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "pdf"), *files],
        cwd=folder, check=True, capture_output=True, timeout=170,
    )  # fmt: skip
    return [read_pdf(name, folder / "pdf" / f"{Path(name).stem}.pdf") for name in files]


def read_pdf(name: str, path: Path) -> Opened:
    pages = PdfReader(path).pages
    return Opened(name=name, pages=len(pages), characters=sum(len(page.extract_text()) for page in pages))
