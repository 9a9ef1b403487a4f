"""The 47 prefectures, their eight regions, and the ways they are written. Pure."""

import re
import unicodedata

REGIONS: dict[str, tuple[str, ...]] = {
    "北海道": ("北海道",),
    "東北": ("青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県"),
    "関東": ("茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県"),
    "中部": ("新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県"),
    "近畿": ("三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県"),
    "中国": ("鳥取県", "島根県", "岡山県", "広島県", "山口県"),
    "四国": ("徳島県", "香川県", "愛媛県", "高知県"),
    "九州・沖縄": ("福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
}
PREFECTURES = tuple(name for names in REGIONS.values() for name in names)
"""In the order of their official numbers 1 to 47."""
ABROAD = "海外"
ENGLISH = (
    "hokkaido", "aomori", "iwate", "miyagi", "akita", "yamagata", "fukushima", "ibaraki", "tochigi", "gunma", "saitama",
    "chiba", "tokyo", "kanagawa", "niigata", "toyama", "ishikawa", "fukui", "yamanashi", "nagano", "gifu", "shizuoka",
    "aichi", "mie", "shiga", "kyoto", "osaka", "hyogo", "nara", "wakayama", "tottori", "shimane", "okayama", "hiroshima",
    "yamaguchi", "tokushima", "kagawa", "ehime", "kochi", "fukuoka", "saga", "nagasaki", "kumamoto", "oita", "miyazaki",
    "kagoshima", "okinawa",
)  # fmt: skip
REGION_OF = {name: region for region, names in REGIONS.items() for name in names}
WORDS = (
    {name: name for name in PREFECTURES}
    | {name[:-1]: name for name in PREFECTURES if name != "北海道"}
    | dict(zip(ENGLISH, PREFECTURES, strict=True))
    | {str(number): name for number, name in enumerate(PREFECTURES, 1)}
    | {f"{number:02}": name for number, name in enumerate(PREFECTURES, 1)}
    | {f"jp-{number:02}": name for number, name in enumerate(PREFECTURES, 1)}
    | dict.fromkeys(("海外", "国外", "外国", "abroad", "overseas", "48"), ABROAD)
)


def prefecture(text: str) -> str | None:
    """Return the prefecture's full name (or 海外), None where the text is neither: a whole address is not read."""
    low = unicodedata.normalize("NFKC", text).strip().casefold().replace("ō", "o").replace("ū", "u")
    low = re.sub(r"[\s-]*(prefecture|pref\.?|-ken|-to|-fu)$", "", low)
    return WORDS.get(low)


def region(name: str) -> str:
    """Return the region of a prefecture; what is no prefecture stays as it is."""
    return REGION_OF.get(name, name)
