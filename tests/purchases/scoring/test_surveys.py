"""Survey answers: every row of a file taken, known or held back; the newest word of each customer; the layers that were asked."""

from datetime import date

import pytest
from pydantic import ValidationError

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.core.errors import NotFound
from app.purchases import operations as imports
from app.purchases import queries as purchases
from app.purchases import tasks
from app.purchases.identity.merges import Key
from app.purchases.models import FileTable
from app.purchases.scoring import operations, queries
from app.purchases.scoring.inputs import SurveyInput
from app.purchases.scoring.schemas import Asked, Layers
from app.purchases.scoring.survey_words import read_intention, read_liking
from app.purchases.segments import queries as segments
from app.purchases.segments.rule import Rule
from tests.purchases.build import NOW, Shop, row, text_of
from tests.purchases.identity.shops import merge
from tests.support.homes import Homes

HEAD = "会員番号,回答日,次回購入意向,好意度\n"


def take_survey(shop: Shop, text: str) -> str:
    public_id = shop.upload((HEAD + text).encode(), name="survey.csv")
    with write_session(shop.parts.engine) as session:
        run = purchases.get_import(session, public_id)
        imports.set_table(session, run=run, table=FileTable.SURVEYS)
        imports.request_check(session, run=run)
    tasks.run_check(shop.parts, public_id)
    shop.confirm(public_id)
    tasks.run_import(shop.parts, public_id)
    return public_id


def layers(shop: Shop) -> Layers:
    with read_session(shop.parts.engine) as session:
        found = queries.read_layers(session, shop.store)
    assert found is not None
    return found


def people_of(shop: Shop, **conditions: str) -> int:
    with read_session(shop.parts.engine) as session:
        found = segments.count(session, shop.store, rule=Rule.of(**conditions))
    assert found is not None
    return found.people


@pytest.fixture
def bought(shop: Shop, homes: Homes) -> Shop:
    homes.fill(shop.parts.settings, fill)
    return shop


def fill(shop: Shop) -> None:
    days = {"c1": "2026-03-01", "c2": "2026-03-02", "c3": "2026-03-03", "old": "2024-01-01"}
    shop.take(text_of(*(row(order=who, customer=who, day=day) for who, day in days.items())))
    set_as_of(shop, date(2026, 3, 5))


def set_as_of(shop: Shop, day: date) -> None:
    with write_session(shop.parts.engine) as session:
        imports.set_as_of(session, day=day, actor=COMMAND_LINE, now=NOW)
    tasks.run_rebuild(shop.parts)


def test_every_row_is_accounted_for_and_the_newest_word_stands(bought: Shop) -> None:
    taken = take_survey(
        bought,
        "c1,2026-02-01,いいえ,1\n"
        "c1,2026-03-05,ぜひ買いたい,\n"
        "c2,2026/3/5,３,5\n"
        "c3,2026-03-05,たぶん宇宙,3\n"
        "c3,,はい,3\n"
        ",2026-03-05,はい,3\n"
        "c3,2026-03-05,,\n"
        "old,2026-03-05,買いたくない,2\n"
        "stranger,2026-03-05,はい,4\n",
    )
    report = bought.report(taken)
    assert (report.rows_read, report.taken, report.known, report.held_back_rows) == (9, 5, 0, 4)
    assert (report.customers, report.customers_in_orders, report.customers_not_in_orders) == (4, 3, 1)
    often, sometimes, before = layers(bought).layers
    assert often.asked == Asked()
    assert sometimes.asked == Asked(intention=2, wanting=1, undecided=1, liking=2, liking_points=6)
    assert (before.people, before.asked) == (1, Asked(1, 0, 0, 1, 2))
    assert before.asked.mean_liking == 2.0
    assert people_of(bought, intention="yes") == 1
    assert people_of(bought, intention="no", customer_class="churned") == 1
    again = take_survey(bought, "c1,2026-03-05,ぜひ買いたい,\nc2,2026-03-05,はい,5\n")
    assert (bought.report(again).taken, bought.report(again).known, bought.report(again).changed) == (0, 2, 1)
    assert layers(bought).layers[1].asked.wanting == 2
    bought.undo(again)
    assert layers(bought).layers[1].asked.wanting == 1
    bought.undo(taken)
    assert {layer.asked for layer in layers(bought).layers} == {Asked()}
    assert people_of(bought, intention="yes") == 0


def test_who_is_one_person_answers_once(bought: Shop) -> None:
    take_survey(bought, "c1,2026-03-04,はい,5\nc2,2026-03-05,いいえ,1\n")
    merge(bought, Key("shop", "c2"), Key("shop", "c1"))
    assert layers(bought).layers[1].asked == Asked(1, 0, 0, 1, 1)


def test_an_answer_counts_from_its_day_on(bought: Shop) -> None:
    take_survey(bought, "c1,2026-03-03,いいえ,1\nc1,2026-03-05,はい,5\nc2,2026-03-05,はい,4\n")
    assert layers(bought).layers[1].asked == Asked(2, 2, 0, 2, 9)
    assert layers(bought).answers_later == 0
    set_as_of(bought, date(2026, 3, 4))
    assert layers(bought).layers[1].asked == Asked(1, 0, 0, 1, 1)
    assert layers(bought).answers_later == 2
    assert (people_of(bought, intention="yes"), people_of(bought, intention="no")) == (0, 1)


def test_typed_surveys_stand_newest_first_and_can_be_taken_off(bought: Shop) -> None:
    def add(name: str, day: date) -> str:
        said = SurveyInput(name=name, surveyed_on=day, asked=1000, aware=400, unaware=480)
        with write_session(bought.parts.engine) as session:
            return operations.add_survey(session, data=said, actor=COMMAND_LINE, now=NOW).public_id

    newer, older = add("秋", date(2026, 9, 1)), add("春", date(2026, 3, 1))
    assert [one.public_id for one in layers(bought).surveys] == [newer, older]
    assert layers(bought).survey == layers(bought).surveys[0]
    with write_session(bought.parts.engine) as session:
        operations.delete_survey(session, survey_id=newer, actor=COMMAND_LINE, now=NOW)
    assert [one.public_id for one in layers(bought).surveys] == [older]
    with write_session(bought.parts.engine) as session:
        operations.restore_survey(session, survey_id=newer, actor=COMMAND_LINE, now=NOW)
    assert len(layers(bought).surveys) == 2
    with write_session(bought.parts.engine) as session, pytest.raises(NotFound):
        operations.delete_survey(session, survey_id="nothing", actor=COMMAND_LINE, now=NOW)


@pytest.mark.parametrize("numbers", [(0, 0, 0, None), (10, 6, 5, None), (10, 2, 3, 3), (10, -1, 3, None)])
def test_a_survey_whose_parts_are_more_than_the_whole_is_refused(numbers: tuple[int, int, int, int | None]) -> None:
    asked, aware, unaware, wanting = numbers
    with pytest.raises(ValidationError):
        SurveyInput(
            name="x", surveyed_on=date(2026, 1, 1), asked=asked, aware=aware, unaware=unaware, aware_wanting=wanting
        )


def test_words_of_surveys() -> None:
    said = {
        "5": "yes",
        "４": "yes",
        "3": "undecided",
        "2点": "no",
        "はい": "yes",
        "どちらともいえない": "undecided",
        "○": "yes",
    }
    assert {text: read_intention(text) for text in said} == said
    assert [read_intention(text) for text in ("6", "0", "10", "", "maybe later")] == [None] * 5
    liked = {"5": 5, "大好き": 5, "やや好き": 4, "普通": 3, "嫌い": 1}
    assert {text: read_liking(text) for text in liked} == liked
    assert read_liking("7") is None
