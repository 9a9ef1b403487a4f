from typing import Annotated

import pytest
from pydantic import BaseModel, StringConstraints

from app.core.types import CleanText
from app.web.forms import Form, FormInvalid


class Typed(BaseModel):
    text: Annotated[CleanText, StringConstraints(min_length=3, max_length=5)]


@pytest.mark.parametrize(("typed", "said"), [("ab", "at least {min_length}"), ("abcdef", "at most {max_length}")])
def test_a_text_of_the_wrong_length_says_how_long_it_may_be(typed: str, said: str):
    with pytest.raises(FormInvalid) as refused:
        Form(values={"text": typed}, lists={}, files={}).parse(Typed)
    assert said in refused.value.errors["text"].message
