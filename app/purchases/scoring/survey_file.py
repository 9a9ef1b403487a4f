"""A file of survey answers: whose, whether they want the brand again, how much they like it, and when they said so."""

from operator import itemgetter

import pyarrow as pa

from app.core.i18n import N_
from app.purchases.catalogue import road
from app.purchases.catalogue.road import Days, Road, Row
from app.purchases.files.mapping.headers import CUSTOMER_NUMBERS
from app.purchases.models import FileTable
from app.purchases.other.small_table import Cells, RowHeld, TableSpec
from app.purchases.scoring.survey_words import read_intention, read_liking
from app.purchases.store import OrdersStore

SPEC = TableSpec(
    columns={
        "answered_on": ("回答日", "回答日時", "アンケート回答日", "タイムスタンプ", "実施日", "日付", "answered on", "timestamp", "date"),
        "customer_key": CUSTOMER_NUMBERS,
        "email": ("メールアドレス", "メール", "email", "e-mail"),
        "phone": ("電話番号", "TEL", "phone"),
        "customer_name": ("氏名", "お名前", "顧客名", "customer name"),
        "intention": ("次回購入意向", "次回購買意向", "購入意向", "購買意向", "再購入意向", "次回もこのブランドを買いたいか", "次も買いたいですか", "intention", "next purchase intention", "purchase intention"),
        "liking": ("ブランド好意度", "好意度", "ブランドの好き嫌い", "好き嫌い", "liking", "brand liking", "favorability"),
    },
    required=(("answered_on",), ("customer_key", "email", "phone"), ("intention", "liking")),
)  # fmt: skip
NEEDS_DAY = N_("The row has no day of the answer.")
NEEDS_ANSWER = N_("The row has neither an intention nor a liking.")
UNKNOWN_INTENTION = N_(
    "The intention is not known. Known are yes, no and undecided in usual words, and 1 to 5, where 5 is the strongest wish."
)
UNKNOWN_LIKING = N_("The liking is not known. Known are 1 to 5, where 5 is the most, and words from dislike to like.")


def parse(cells: Cells, days: Days) -> Row:
    """Return one answer.

    Raises:
        RowHeld: a cell cannot be what it should be.
    """
    day = days.day(cells, "answered_on")
    if day is None:
        raise RowHeld("answered_on", NEEDS_DAY)
    said, liked = cells.get("intention", ""), cells.get("liking", "")
    if not said and not liked:
        raise RowHeld("intention", NEEDS_ANSWER)
    intention, liking = read_intention(said), read_liking(liked)
    if said and intention is None:
        raise RowHeld("intention", UNKNOWN_INTENTION)
    if liked and liking is None:
        raise RowHeld("liking", UNKNOWN_LIKING)
    return {
        **{name: cells.get(name, "") for name in road.WHO},
        "needs_customer": True,
        "answered_on": day,
        "intention": intention,
        "liking": liking,
    }


ROAD = Road(
    table=FileTable.SURVEYS,
    spec=SPEC,
    parse=parse,
    columns=(
        ("customer_id", pa.string()),
        ("customer_key_kind", pa.string()),
        ("answered_on", pa.date32()),
        ("intention", pa.string()),
        ("liking", pa.int64()),
    ),
    key=itemgetter("source", "customer_id", "answered_on"),
    day_column="answered_on",
    path=OrdersStore.surveys_path,
    of_customers=True,
)

preview, check, settle_prepared, recount = ROAD.preview, ROAD.check, ROAD.settle_prepared, ROAD.recount
