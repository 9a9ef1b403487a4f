"""Quotas by attribute are read as people write them and must fit into the lanes."""

import pytest
from pydantic import ValidationError

from app.accounts.schemas import COMMAND_LINE
from app.core.errors import AppError
from app.core.i18n import translator
from app.studies import operations, queries
from app.studies.attribute_quotas import AttributeQuota, as_text
from app.studies.schemas import NewStudy, StudyChange


def a_study(quotas, **more):
    return NewStudy(**({"product": "白つゆ美容液", "loyal": 5, "quotas": quotas} | more))


@pytest.mark.parametrize(
    ("text", "quota"),
    [
        ("性別=女性:4", ("sex", "female", 4)),
        ("sex=F: 4", ("sex", "female", 4)),
        ("年代＝30代：2人", ("age_band", "30", 2)),
        ("都道府県=東京:1", ("prefecture", "東京都", 1)),
        ("週の使用回数=7回:3", ("週の使用回数", "7回", 3)),
        ("比=1:1:2", ("比", "1:1", 2)),
    ],
)
def test_a_quota_as_people_write_it(text, quota):
    (found,) = a_study([text]).quotas
    assert (found.name, found.value, found.wanted) == quota


def test_one_a_line_and_the_last_word_on_a_value_counts():
    found = a_study("性別=女性:4\n\n性別=女性:2\n年代=30代:1").quotas
    assert [(one.value, one.wanted) for one in found] == [("female", 2), ("30", 1)]


@pytest.mark.parametrize(
    "text", ["性別", "性別=女性", "性別=:4", "性別=女性:0", "性別=女性:99", "性別=女性:x", "a" * 201 + "=x:1"]
)
def test_what_is_no_quota(text):
    with pytest.raises(ValidationError):
        a_study([text])


@pytest.mark.db
def test_quotas_are_kept_with_the_study_and_changed_with_it(session, now):
    study = operations.create_study(session, actor=COMMAND_LINE, data=a_study(["性別=女性:4", "性別=男性:1"]), now=now)
    assert [one.wanted for one in queries.attribute_quotas(study)] == [4, 1]
    operations.update_study(session, study=study, data=StudyChange(title="x", loyal=2, quotas="年代=30代:2"))
    assert queries.attribute_quotas(study) == (AttributeQuota(name="age_band", value="30", wanted=2),)
    operations.update_study(session, study=study, data=StudyChange(title="x", loyal=2))
    assert queries.attribute_quotas(study) == ()


@pytest.mark.db
def test_quotas_of_an_attribute_fit_into_the_lanes(session, now):
    with pytest.raises(AppError) as fault:
        operations.create_study(session, actor=COMMAND_LINE, data=a_study(["性別=女性:4", "性別=男性:2"]), now=now)
    assert fault.value.code == "quotas_too_many"
    operations.create_study(session, actor=COMMAND_LINE, data=a_study(["性別=女性:5", "年代=30代:5"]), now=now)


def test_a_quota_is_shown_as_it_is_typed():
    quota = AttributeQuota(name="sex", value="female", wanted=4)
    assert as_text(quota, translator("en")) == "Sex=women:4"
    (again,) = a_study([as_text(quota, translator("ja"))]).quotas
    assert again == quota
