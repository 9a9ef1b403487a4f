"""Shop systems are recognised by their headers, whatever the order of columns; nothing is imported here."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.i18n import translator
from app.purchases.files.mapping import headers as generic
from app.purchases.files.mapping import mapping_file, presets
from app.purchases.files.mapping.field_labels import LABELS
from app.purchases.files.opening.pieces import read_head, ways_to_read
from app.purchases.files.preview import preview
from app.purchases.import_schemas import Mapping
from app.purchases.models import FileTable

HERE = Path(__file__).parent
SHOPS = sorted(path.stem for path in HERE.glob("*.toml"))
ENGLISH_EC_CUBE = (
    "Order ID", "Order No.", "Customer ID", "Your Name (Last)", "Your Name (First)", "Email", "Phone", "Tax", "Total",
    "Order Status (ID)", "Order Status (Name)", "Order Date", "Order Detail ID", "Product ID", "Product Name",
    "Product Code", "Price", "Qty", "Tax (2)", "Item Type (ID)", "Item Type (Name)",
)  # fmt: skip
UNSEEN = {
    "makeshop_orders": ("日付", "注文時間", "注文番号", "処理状況", "会社名", "注文者", "注文者(振り仮名)", "商品名", "数量", "価格"),
    "futureshop_orders": (
        "受注コード", "注文日時", "請求合計金額", "氏名(姓)", "氏名(名)", "メールアドレス", "商品番号", "商品名", "販売単価", "購入数量",
    ),
    "aiship_orders": (
        "注文番号", "INDEX", "注文日時", "商品管理番号", "商品名", "数量", "商品単価", "返金日時", "合計返金額", "管理ステータス", "入金済ステータス",
    ),
    "stores_orders": ("オーダー番号", "オーダー日", "アイテム名", "個数", "小計", "配送料", "合計", "内消費税", "氏(請求先)", "名(請求先)"),
    "online_retail": ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"),
    "cdnow": ("id", "date", "qty", "amt"),
    "ec_cube_orders": ENGLISH_EC_CUBE,
}  # fmt: skip


def expected(shop: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{shop}.toml").read_text("utf-8"))


def headers_of(shop: str) -> tuple[str, ...]:
    path = HERE / expected(shop)["file"]
    return read_head(path, ways_to_read(path, Mapping()), "")[0]


def test_every_preset_is_read_and_has_a_file_or_a_header() -> None:
    assert {preset.code for preset in presets.all_presets()} == {*SHOPS, *UNSEEN}


@pytest.mark.parametrize("preset", presets.all_presets(), ids=lambda preset: preset.code)
def test_a_preset_uses_names_the_screen_has(preset: presets.Preset) -> None:
    if preset.table is FileTable.ORDERS:
        assert set(preset.columns) <= set(generic.CANONICAL)
        assert set(preset.columns) <= set(LABELS)
    assert preset.signatures
    assert set(preset.multi_value) <= set(preset.columns)
    assert preset.name


@pytest.mark.parametrize("preset", presets.all_presets(), ids=lambda preset: preset.code)
def test_the_page_of_formats_says_what_the_screen_says(preset: presets.Preset) -> None:
    page = (Path(presets.FOLDER).parents[1] / "docs" / "formats.md").read_text("utf-8")
    wanted = [preset.name, preset.export, *preset.left_out, *preset.not_verified]
    assert [text for text in wanted if text not in page] == []


def test_an_unknown_key_in_a_preset_is_refused() -> None:
    with pytest.raises(ValidationError):
        presets.Preset.model_validate(
            {"code": "x", "name": "x", "export": "x", "signatures": [], "columns": {}, "y": 1}
        )


@pytest.mark.parametrize("shop", SHOPS)
def test_the_file_is_read_in_its_own_encoding_and_recognised(shop: str) -> None:
    wanted = expected(shop)
    found = preview(HERE / wanted["file"], Mapping())
    preset = presets.get(wanted["preset"])
    assert preset is not None
    assert (found.encoding, found.recognised_as, found.table) == (wanted["encoding"], preset.name, preset.table)
    assert found.encoding == preset.encoding
    assert (found.unverified, found.left_out) == (preset.not_verified, preset.left_out)
    if preset.table is FileTable.ORDERS:
        assert found.mapping.preset == shop
        assert found.unmapped == ()


@pytest.mark.parametrize("shop", [shop for shop in SHOPS if expected(shop)["encoding"] == "cp932"])
def test_the_files_hold_what_only_cp932_can_say(shop: str) -> None:
    data = (HERE / expected(shop)["file"]).read_bytes()
    assert set(data.decode("cp932")) & set("①㈱髙﨑～")
    with pytest.raises(UnicodeDecodeError):
        data.decode("shift_jis")


@pytest.mark.parametrize("shop", SHOPS)
def test_the_order_of_columns_does_not_matter(shop: str) -> None:
    headers = headers_of(shop)
    once = [name for name in headers if not name.endswith(" (2)") and f"{name} (2)" not in headers]
    mixed = [*once]
    random.Random(3).shuffle(mixed)
    table = next(preset.table for preset in presets.all_presets() if preset.code == shop)
    assert presets.propose(tuple(mixed), table) == presets.propose(tuple(once), table)
    more = presets.recognise(("よぶんな列", *mixed, "another"))
    assert more is not None
    assert more.code == shop


@pytest.mark.parametrize("shop", SHOPS)
def test_a_header_stands_for_one_column_of_those_that_are_shown(shop: str) -> None:
    preset = presets.get(shop)
    assert preset is not None
    headers = headers_of(shop)
    columns = presets.propose(headers, preset.table).columns
    assert columns == presets.found_columns(preset, headers), "a guess was added to what the preset knows"
    named = [part for header in columns.values() for part in header.split(generic.JOIN)]
    assert len(named) == len(set(named))
    assert set(named) <= set(headers)


@pytest.mark.parametrize("shop", UNSEEN)
def test_exports_we_have_no_file_of_are_recognised_too(shop: str) -> None:
    preset = presets.recognise(UNSEEN[shop])
    assert preset is not None
    assert preset.code == shop


def test_both_shippings_of_an_ec_cube_file_survive() -> None:
    headers = headers_of("ec_cube_orders")
    assert {"送料", "送料 (2)"} <= set(headers)
    assert "送料" not in " ".join(presets.propose(headers).columns.values())


def test_the_english_ec_cube_means_the_same() -> None:
    columns = presets.propose(ENGLISH_EC_CUBE).columns
    assert columns["tax_rate"] == "Tax (2)"
    assert columns["customer_name"] == "Your Name (Last) + Your Name (First)"
    assert (columns["status"], columns["line_type"]) == ("Order Status (ID)", "Item Type (ID)")


def test_options_of_a_shop_come_with_its_columns() -> None:
    stripe, shopify = (presets.propose(headers_of(shop)) for shop in ("stripe_payments", "shopify_orders"))
    assert (stripe.time_zone, shopify.fill_down) == ("UTC", True)
    assert presets.propose(UNSEEN["online_retail"]).fee_codes[0] == "M"


def test_what_a_person_chose_wins_over_the_preset() -> None:
    given = Mapping(encoding="cp932", currency="USD", time_zone="Europe/Paris", fee_codes=("X",))
    merged = presets.merged(presets.propose(headers_of("stripe_payments")), given)
    assert (merged.encoding, merged.currency, merged.time_zone, merged.fee_codes) == (
        "cp932",
        "USD",
        "Europe/Paris",
        ("X",),
    )
    assert merged.preset == "stripe_payments"


def test_options_of_one_shop_do_not_stick_to_a_file_of_another() -> None:
    stripe = presets.propose(headers_of("stripe_payments"))
    merged = presets.merged(presets.propose(headers_of("ec_cube_orders")), stripe)
    assert (merged.time_zone, merged.tax, merged.preset) == ("Asia/Tokyo", "included", "ec_cube_orders")


@pytest.mark.parametrize(
    ("shop", "cell", "meaning"),
    [
        ("ec_cube_orders", "3", "cancelled"), ("ec_cube_orders", "９", "returned"), ("ec_cube_orders", "8", "pending"),
        ("ec_cube_orders", "決済処理中", "pending"), ("ec_cube_orders", "5", "valid"), ("rakuten_rms", "900", "cancelled"),
        ("rakuten_rms", "700", "valid"), ("shopify_orders", "Voided", "cancelled"), ("shopify_orders", "partially_refunded", "valid"),
        ("stripe_payments", "Failed", "cancelled"), ("makeshop_orders", "返送", "returned"), ("base_orders", "店頭受取", ""),
    ],
)  # fmt: skip
def test_a_status_means_what_the_shop_means_by_it(shop: str, cell: str, meaning: str) -> None:
    preset = presets.get(shop)
    assert preset is not None
    assert preset.status_of(cell) == meaning


def test_a_reservation_is_no_subscription() -> None:
    preset = presets.get("rakuten_rms")
    assert preset is not None
    assert [preset.kind_of(cell) for cell in ("1", "4", "5", "6", "予約商品", "?")] == [
        "single", "subscription", "subscription", "single", "single", "",
    ]  # fmt: skip


def test_line_types_of_ec_cube() -> None:
    preset = presets.get("ec_cube_orders")
    assert preset is not None
    kinds = ["goods", "shipping", "fee", "discount", "tax", "points"]
    assert [preset.line_type_of(str(number)) for number in range(1, 7)] == kinds
    assert [preset.line_type_of(name) for name in ("商品", "送料", "手数料", "割引", "税", "ポイント")] == kinds


def test_a_cell_of_several_products_is_one_line() -> None:
    preset = presets.get("ecforce_orders")
    assert preset is not None
    assert preset.cell("product_code", "SRM,LTN") == "SRM"
    assert preset.cell("quantity", "1,1,2") == "4"
    assert preset.cell("quantity", "3") == "3"
    assert preset.cell("line_amount", "1,980") == "1,980"


def test_columns_that_are_gone_are_named() -> None:
    mapping = presets.propose(headers_of("base_orders"))
    headers = tuple(reversed(headers_of("base_orders")))
    assert mapping_file.remembered(mapping, headers)
    fewer = tuple(name for name in headers if name not in {"発送状況", "名(請求先)"})
    assert not mapping_file.remembered(mapping, fewer)
    assert set(mapping_file.vanished(mapping, fewer)) == {"発送状況", "名(請求先)"}


def test_a_remembered_mapping_wins_while_it_fits_and_says_what_is_gone(tmp_path: Path) -> None:
    mine = Mapping(columns={"order_id": "番号", "customer_key": "誰", "ordered_at": "いつ", "line_amount": "いくら"})
    path = tmp_path / "orders.csv"
    path.write_text("いくら,いつ,誰,番号\n100,2026-01-01,c,1\n", "utf-8")
    assert preview(path, mine).mapping == mine
    path.write_text("いくら,注文日,誰,番号\n100,2026-01-01,c,1\n", "utf-8")
    found = preview(path, mine)
    assert found.vanished == ("いつ",)
    assert found.mapping.columns == {**mine.columns, "ordered_at": "注文日"}


def test_lacking_columns_are_said_as_the_screen_says_them() -> None:
    with pytest.raises(Exception, match="No column") as caught:
        mapping_file.fit(mapping_file.make_mapping({"order_id": "注文番号"}, {}), ("注文番号", "x"))
    fault: Any = caught.value
    said = translator("ja")(fault.message, **fault.params)
    assert "「顧客番号・注文日・明細の金額」" in said
    assert "Customer number, Order date, Line amount" in str(fault)
