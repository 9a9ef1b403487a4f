"""Writes an order file of any length, the same for the same length: few customers order often, most order once."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

HEADER = "注文番号,顧客ID,注文日時,商品コード,商品名,数量,金額,対応状況,販売経路\r\n"
NAMES = (
    "白つゆ 美容液 30mL", "白つゆ 化粧水 120mL", "トライアルセット", "定期便 白つゆ 美容液", "クレンジングバーム", "日焼け止め SPF50",
)  # fmt: skip
VOID = ("注文取消し", "返品")
STATUSES = ("発送済み", *VOID)
FIRST = np.datetime64("2023-01-01T00:00:00")
CUSTOMERS = 20_000


def write(path: Path, lines: int, encoding: str) -> None:
    """Write `lines` rows of nine columns; about 5.6 lines a customer."""
    rng = np.random.default_rng(20_261_122)
    left, block = lines, 0
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(HEADER)
        while left:
            rows = list(islice(_rows(rng, block), left))
            file.write("".join(rows))
            left -= len(rows)
            block += 1


def _rows(rng: np.random.Generator, block: int) -> Iterator[str]:
    """Yield the rows of one block of customers: orders by a heavy-tailed count, one to three lines each."""
    counts = 1 + rng.negative_binomial(0.4, 0.4 / 2.2, CUSTOMERS)
    customers = np.repeat(np.arange(CUSTOMERS), counts)
    size = len(customers)
    seconds = rng.integers(0, 90 * 86_400, CUSTOMERS)[customers] + (rng.random(size) * 500 * 86_400).astype(np.int64)
    moments = np.datetime_as_string(FIRST + seconds.astype("timedelta64[s]")).tolist()
    products, amounts = rng.integers(0, len(NAMES), size).tolist(), (rng.lognormal(8, 0.7, size)).astype(int).tolist()
    statuses = rng.choice(len(STATUSES), size, p=(0.97, 0.02, 0.01)).tolist()
    lines = rng.integers(1, 4, size).tolist()
    for number, customer in enumerate(customers.tolist()):
        moment = moments[number].replace("-", "/").replace("T", " ")
        start = f"N{block:04d}{number:06d},C{block}-{customer},{moment},"
        for line in range(lines[number]):
            product = (products[number] + line) % len(NAMES)
            yield (
                f"{start}P{product:03d},{NAMES[product]},{line + 1},{amounts[number]},{STATUSES[statuses[number]]},"
                f"{'本店' if product else '楽天'}\r\n"
            )
