from app.candidates.picking.cells import Entry
from app.candidates.picking.coverage import Asked, coverage, shop_rows
from app.purchases.classes import CustomerClass
from tests.candidates.build import SERUM, a_customer

LOYAL = CustomerClass.LOYAL


def test_rows_are_the_largest_ways_in_and_one_row_of_the_rest():
    people = [a_customer(f"{n}-{k}", first_product=f"p{n:02}") for n in range(12) for k in range(12 - n)]
    rows = shop_rows(people)
    assert [row.entry.first_product for row in rows[:2]] == ["p00", "p01"]
    assert (rows[-1].entries, rows[-1].people) == (4, (4 + 3 + 2 + 1, 0, 0))
    assert sum(row.people[0] for row in rows) == len(people)


def test_candidates_are_laid_over_their_row_and_strangers_over_the_rest():
    rows = shop_rows([a_customer(f"{n}", first_product=f"p{n:02}") for n in range(12)])
    asked = [
        Asked(Entry("p00", "自社EC"), LOYAL, heard=True),
        Asked(Entry("p00", "自社EC"), LOYAL, heard=False),
        Asked(Entry("gone", ""), LOYAL, heard=True),
    ]
    found = coverage(rows, asked)
    assert (found[0].cells[0].wanted, found[0].cells[0].heard) == (2, 1)
    assert (found[-1].cells[0].wanted, found[-1].cells[0].heard) == (1, 1)


def test_a_large_cell_nobody_is_a_candidate_of_is_a_gap():
    people = [a_customer(f"a{n}") for n in range(10)] + [a_customer("b", sales_channel="電話")]
    first, second = coverage(shop_rows(people), [])
    assert first.entry == Entry(SERUM, "自社EC")
    assert first.cells[0].gap
    assert not second.cells[0].gap
    assert not first.cells[1].gap
