"""Typed builders of board values, keyword-only, with an everyday default for what a test does not care about."""

from datetime import date, timedelta
from decimal import Decimal

from app.boards.many import study_table
from app.boards.many.findings import findings
from app.boards.many.study_table import HeardPerson
from app.boards.many.twins import twins
from app.boards.one.assemble import turn_orders
from app.boards.one.journey import Asked, journey, mixed, of_stage
from app.boards.one.turning_point import TurnOrder, turning_point
from app.boards.relative import ago, amount, as_of_day, board_events, board_orders, turning_for
from app.boards.schemas import BoardEvent, BoardQuote, InterviewRecord, LeftOut, PersonBoard, Scope, View
from app.boards.study_schemas import PersonLine, StudyBoard, TwinLine
from app.interviews.models import AnswerState, ConsentItem, InterviewMode
from app.language.codebook import QUESTION_STAGE, AnxietyKind, CancelReason, Channel, Facet, Stage
from app.purchases.classes import CustomerClass, PurchaseType
from app.purchases.schemas import Kind, Order, OrderLine, PurchaseEvent, Timeline

FIRST_DAY = date(2025, 5, 9)


def quote(
    text: str = "写真を見て、続けようと思いました",
    *,
    stage: Stage = Stage.LOYALTY_TRIGGER,
    evidence: str = "",
    facets: tuple[Facet, ...] = (Facet.THOUGHT,),
    channels: tuple[Channel, ...] = (),
    cancel_reasons: tuple[CancelReason, ...] = (),
    anxiety_kinds: tuple[AnxietyKind, ...] = (),
    question_id: str = "q6",
    sentence_id: str = "",
    confirmed: bool = True,
    scope: Scope = Scope.PLANNING,
    person_id: str = "person1",
    code_name: str = "るりびたき",
    customer_class: CustomerClass = CustomerClass.LOYAL,
) -> BoardQuote:
    start = text.find(evidence) if evidence else 0
    return BoardQuote(
        sentence_id=sentence_id or f"{person_id}-{question_id}-{abs(hash(text)) % 10**8}",
        text=text,
        start=start,
        end=start + len(evidence or text),
        stage=stage,
        facets=facets,
        channels=channels,
        cancel_reasons=cancel_reasons,
        anxiety_kinds=anxiety_kinds,
        question_id=question_id,
        position=0,
        confirmed=confirmed,
        scope=scope,
        interview_id=f"interview-{person_id}",
        person_id=person_id,
        code_name=code_name,
        customer_class=customer_class,
    )


def order(
    number: int,
    day: int,
    *,
    amount: int = 4380,
    kind: Kind = "single",
    products: tuple[str, ...] = ("白つゆ美容液",),
    first_day: date = FIRST_DAY,
) -> Order:
    share = Decimal(amount) / len(products)
    return Order(
        number=number,
        order_id=f"N{number:04}",
        ordered_on=first_day + timedelta(days=day),
        amount=Decimal(amount),
        currency="JPY",
        sales_channel="自社EC",
        subscription_number=None,
        lines=tuple(
            OrderLine(product_code=name, product_name=name, kind=kind, quantity=1, amount=share) for name in products
        ),
    )


def turn_order(number: int, day: int, *, amount: int = 4000, items: int = 1, kind: str = "single") -> TurnOrder:
    return TurnOrder(number=number, day=day, amount=Decimal(amount), items=items, kind=kind)


def asked(
    *,
    interviewed: bool = True,
    skipped: tuple[str, ...] = (),
    unasked: tuple[str, ...] = (),
    probed: bool = True,
    questions: tuple[str, ...] = ("q1", "q2", "q3", "q4", "q5", "q6", "q7"),
) -> Asked:
    states = {
        question: AnswerState.SKIPPED if question in skipped else AnswerState.ASKED
        for question in questions
        if question not in unasked
    }
    return Asked(
        interviewed=interviewed,
        question_stage={question: QUESTION_STAGE[question] for question in questions},
        states=states if interviewed else {},
        probed_for_trigger=probed,
    )


def ruribitaki_orders() -> tuple[Order, ...]:
    """The customer of the look: trial, two singles, then a subscription that grows."""
    serum, soap, cream = "白つゆ美容液", "白つゆせっけん", "白つゆクリーム"
    plan: list[tuple[int, int, Kind, tuple[str, ...]]] = [
        (0, 980, "trial", ("お試し7日セット",)),
        (41, 4380, "single", (serum,)),
        (112, 4380, "single", (serum,)),
        *((day, 3980, "subscription", (serum,)) for day in (140, 171)),
        (202, 5280, "subscription", (serum, soap)),
        (264, 3980, "subscription", (serum,)),
        (295, 5280, "subscription", (serum, soap)),
        *((day, 8780, "subscription", (serum, cream)) for day in (326, 357)),
        (388, 5280, "subscription", (serum, soap)),
        *((day, 8780, "subscription", (serum, cream)) for day in (419, 450)),
        (481, 10080, "subscription", (serum, cream, soap)),
        (512, 8780, "subscription", (serum, cream)),
        (543, 10080, "subscription", (serum, cream, soap)),
    ]
    return tuple(
        order(number, day, amount=amount, kind=kind, products=products)
        for number, (day, amount, kind, products) in enumerate(plan, start=1)
    )


def ruribitaki_quotes(**changes: object) -> tuple[BoardQuote, ...]:
    """Voices on seven stages; other products were not asked about."""
    del changes
    return (
        quote("夕方になると、頬だけ粉をふいたみたいで", stage=Stage.PROBLEM, question_id="q1",
              facets=(Facet.EMOTION,)),
        quote("年齢だから仕方ないって、もう決めていたんです", stage=Stage.PROBLEM, question_id="q1"),
        quote("美容師さんが、手の甲に出してくれたんです", stage=Stage.AWARENESS, question_id="q2",
              channels=(Channel.PROFESSIONAL,), facets=()),
        quote("2週間くらい、成分を読み比べました", stage=Stage.CONSIDERATION, question_id="q3",
              facets=(Facet.ACTION,)),
        quote("定期って、やめさせてもらえないと思って", stage=Stage.ANXIETY, question_id="q4",
              anxiety_kinds=(AnxietyKind.INVISIBLE,)),
        quote("980円なら、合わなくてもあきらめがつくかなって", stage=Stage.PURCHASE_REASON, question_id="q5",
              evidence="980円なら、合わなくてもあきらめがつく"),
        quote("正直、1本目は違いがわからなくて", stage=Stage.EXPERIENCE, question_id="q6"),
        quote("七五三の前撮りを見て、あ、塗ってる顔だ、って思ったんですよね", stage=Stage.LOYALTY_TRIGGER,
              question_id="q6", evidence="あ、塗ってる顔だ、って思ったんですよね",
              facets=(Facet.THOUGHT, Facet.EMOTION)),
        quote("3回目のときに、定期に切り替えました", stage=Stage.LOYALTY_TRIGGER, question_id="q6",
              facets=(Facet.ACTION,), confirmed=False),
    )  # fmt: skip


def timeline(*orders: Order, events: tuple[PurchaseEvent, ...] = (), as_of: date | None = None) -> Timeline:
    return Timeline(orders=orders, events=events, as_of=as_of or date(2026, 11, 20), currency="JPY")


def interview_record(said: tuple[BoardQuote, ...], view: View) -> InterviewRecord:
    return InterviewRecord(
        public_id="interview-person1",
        held_on=date(2026, 11, 18) if view is View.RESEARCHER else None,
        held_month=date(2026, 11, 1),
        mode=InterviewMode.ONLINE,
        minutes=52,
        granted=(ConsentItem.PARTICIPATION, ConsentItem.INTERNAL_SHARING, ConsentItem.PLANNING_USE),
        next_intention=None,
        quotes=len(said),
        confirmed=sum(each.confirmed for each in said),
    )


def person_board(
    *,
    orders: tuple[Order, ...] | None = None,
    quotes: tuple[BoardQuote, ...] | None = None,
    view: View = View.RESEARCHER,
    left_out: int = 0,
    code_name: str = "るりびたき",
    as_of: date | None = None,
) -> PersonBoard:
    bought = timeline(*(ruribitaki_orders() if orders is None else orders), as_of=as_of)
    said = ruribitaki_quotes() if quotes is None else quotes
    triggers = of_stage(said, Stage.LOYALTY_TRIGGER)
    first = bought.orders[0].ordered_on if bought.orders else FIRST_DAY
    last = bought.orders[-1].ordered_on if bought.orders else FIRST_DAY
    as_of = as_of or bought.as_of or FIRST_DAY
    events = board_events(bought.events, first=first, view=view)
    since = ago((as_of - last).days, view) if bought.orders else None
    return PersonBoard(
        view=view,
        study_id="study1",
        study_title="白つゆ美容液 定期の続く理由・やめる理由",
        product="白つゆ美容液",
        as_of=as_of,
        person_id="person1",
        code_name=code_name,
        customer_class=CustomerClass.LOYAL,
        purchase_type=PurchaseType.FAN,
        in_store=bool(bought.orders),
        orders=board_orders(bought, view),
        events=events,
        total=amount(sum((each.amount for each in bought.orders), Decimal(0)), "JPY", view),
        span_days=(last - first).days,
        subscription_orders=sum(each.lines[0].kind == "subscription" for each in bought.orders),
        last_order=since,
        mean_gap_days=round((last - first).days / (len(bought.orders) - 1)) if len(bought.orders) > 1 else None,
        as_of_day=as_of_day(bought, since, events),
        journey=journey(said, asked(unasked=("q7",)), hidden=frozenset()),
        first_reasons=of_stage(said, Stage.PURCHASE_REASON),
        triggers=triggers,
        mixed=mixed(said),
        turning=turning_for(turning_point(triggers, turn_orders(bought)), view),
        interview=interview_record(said, view),
        quotes=said,
        left_out=LeftOut(quotes=left_out, people=1 if left_out else 0),
    )


def heard(name: str, customer_class: CustomerClass, *quotes: BoardQuote) -> HeardPerson:
    return HeardPerson(
        person_id=f"p-{name}",
        code_name=name,
        customer_class=customer_class,
        journey=journey(quotes, asked(), hidden=frozenset()),
        quotes=quotes,
    )


def said_by(name: str, customer_class: CustomerClass, text: str, **parts: object) -> BoardQuote:
    return quote(text, person_id=f"p-{name}", code_name=name, customer_class=customer_class, **parts)  # type: ignore[arg-type]  # passes the builder's own keywords through


def twelve_people() -> tuple[HeardPerson, ...]:
    """Five loyal, three lapsed, four churned; triggers by the loyal, surplus by the churned."""
    people = []
    for place, name in enumerate(("るりびたき", "ひよどり", "せきれい", "みそさざい", "かわせみ")):
        kind = CustomerClass.LOYAL
        quotes = [
            said_by(name, kind, "美容師さんに教わりました", stage=Stage.AWARENESS, channels=(Channel.PROFESSIONAL,)),
            said_by(name, kind, "切らした週に、あ、要るんだ、って", stage=Stage.LOYALTY_TRIGGER),
            said_by(name, kind, "やめさせてもらえないのではと思った", stage=Stage.ANXIETY,
                    anxiety_kinds=(AnxietyKind.INVISIBLE,)),
        ]  # fmt: skip
        people.append(heard(name, kind, *quotes[: 3 if place < 3 else 2]))
    people += [
        heard(name, CustomerClass.LAPSED,
              said_by(name, CustomerClass.LAPSED, "検索で見つけました", stage=Stage.AWARENESS,
                      channels=(Channel.SEARCH,)))
        for name in ("こげら", "あおじ", "つぐみ")
    ]  # fmt: skip
    people += [
        heard(name, CustomerClass.CHURNED,
              said_by(name, CustomerClass.CHURNED, "まだ2本あるのに、また来ちゃって", stage=Stage.CHURN_REASON,
                      cancel_reasons=(CancelReason.SURPLUS,)),
              said_by(name, CustomerClass.CHURNED, "インスタの広告で見て", stage=Stage.AWARENESS,
                      channels=(Channel.INSTAGRAM,)),
              said_by(name, CustomerClass.CHURNED, "続けるには高いかなと", stage=Stage.ANXIETY,
                      anxiety_kinds=(AnxietyKind.VISIBLE,)))
        for name in ("えなが", "しじゅうから", "やまがら", "ごじゅうから")
    ]  # fmt: skip
    return tuple(people)


def study_board(
    *, people: tuple[HeardPerson, ...] | None = None, view: View = View.RESEARCHER, left_out: int = 0
) -> StudyBoard:
    interviewed = twelve_people() if people is None else people
    classes = study_table.class_counts(interviewed)
    table = study_table.stage_table(interviewed)
    channels = study_table.channel_rows(interviewed)
    anxieties = study_table.anxiety_rows(interviewed)
    reasons = study_table.cancel_rows(interviewed)
    stayed = TwinLine("p-るりびたき", "るりびたき", CustomerClass.LOYAL,
                      board_orders(timeline(*ruribitaki_orders()), view), ())  # fmt: skip
    gone = TwinLine(
        "p-しじゅうから", "しじゅうから", CustomerClass.CHURNED,
        board_orders(timeline(*ruribitaki_orders()[:2]), view), (BoardEvent("subscription_cancelled", 60, None),),
    )  # fmt: skip
    pair = twins(stayed, gone)
    quotes = tuple(each for person in interviewed for each in person.quotes)
    return StudyBoard(
        view=view,
        study_id="study1",
        study_title="白つゆ美容液 定期の続く理由・やめる理由",
        product="白つゆ美容液",
        question="定期が続く人と、やめる人の分かれ目はどこか",
        as_of=date(2026, 12, 18),
        people=tuple(
            PersonLine(person.person_id, person.code_name, person.customer_class, len(person.quotes), interviewed=True)
            for person in interviewed
        ),
        classes=classes,
        confirmed=sum(each.confirmed for each in quotes),
        first_held=date(2026, 11, 10) if view is View.RESEARCHER else date(2026, 11, 1),
        last_held=date(2026, 12, 16) if view is View.RESEARCHER else date(2026, 12, 1),
        findings=findings(classes, table, anxieties, reasons, channels),
        table=table,
        channels=channels,
        anxieties=anxieties,
        cancel_reasons=reasons,
        twins=(pair,) if pair else (),
        quotes=quotes,
        left_out=LeftOut(quotes=left_out, people=1 if left_out else 0),
    )
