"""`make bench`: how long imports and pages take here; writes docs/measurements.md."""

import sys
import tempfile
from pathlib import Path

from app.core.settings import Settings
from tests.bench import engine, imports, pages, stages, tagger
from tests.support.report import write_section


def main() -> int:
    data = Settings().reference_data
    if data is None or not data.is_dir():
        print("Set N1_REFERENCE_DATA to the folder with cdnow/ and online_retail/ to measure imports.")
        return 2
    with tempfile.TemporaryDirectory(prefix="n1-bench-") as folder:
        home = Path(folder) / "cdnow"
        rows = [
            imports.measure("CDNOW", data / "cdnow" / "cdnow_master.csv", home, currency="USD"),
            imports.measure(
                "Online Retail",
                data / "online_retail" / "online_retail.csv.gz",
                Path(folder) / "retail",
                currency="GBP",
            ),
        ]
        write_section("Imports", imports.as_table(rows))
        write_section("Pages", pages.measure(home))
        write_section("Engine", engine.measure(Path(folder) / "engine"))
        write_section("Stages", stages.measure())
        write_section("Tagger", tagger.measure(Path(folder) / "language"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
