from app.candidates.picking.code_names import birds, next_code_name


def test_there_are_enough_different_birds():
    assert len(birds()) >= 150
    assert len(set(birds())) == len(birds())


def test_names_are_given_in_order_and_never_twice():
    given: list[str] = []
    for _ in range(len(birds()) + 3):
        given.append(next_code_name(given))
    assert len(set(given)) == len(given)
    assert given[0] == "るりびたき"
    assert given[-3] == "るりびたき2"
