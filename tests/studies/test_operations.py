import pytest
from pydantic import ValidationError
from sqlmodel import select

from app.accounts import operations as accounts
from app.accounts.queries import as_actor
from app.accounts.schemas import COMMAND_LINE, NewUser, Role
from app.core.errors import AppError, NotFound
from app.studies import operations, queries
from app.studies.models import GuideVersion, Study
from app.studies.schemas import MemberChange, NewStudy, StudyChange


def actor(session, now, login, role=Role.RESEARCHER):
    user, _ = accounts.create_user(
        session, data=NewUser(login=login, display_name=login, role=role), now=now, password="a long password here"
    )
    return as_actor(user)


def a_study(**more):
    return NewStudy(**({"product": "白つゆ美容液", "loyal": 5, "lapsed": 4, "churned": 5} | more))


@pytest.mark.db
def test_the_maker_is_a_member_and_others_find_nothing(session, now):
    maker, stranger, admin = (
        actor(session, now, "maker"), actor(session, now, "stranger"), actor(session, now, "admin", Role.ADMIN),
    )  # fmt: skip
    study = operations.create_study(session, actor=maker, data=a_study(), now=now)
    assert queries.get_study(session, actor=maker, study_id=study.public_id) is study
    assert queries.get_study(session, actor=admin, study_id=study.public_id) is study
    assert [row.public_id for row in queries.list_studies(session, actor=maker)] == [study.public_id]
    assert queries.list_studies(session, actor=stranger) == []
    with pytest.raises(NotFound):
        queries.get_study(session, actor=stranger, study_id=study.public_id)


@pytest.mark.db
def test_members_join_and_leave_by_sign_in_name(session, now):
    maker, other = actor(session, now, "maker"), actor(session, now, "other", Role.PLANNER)
    study = operations.create_study(session, actor=maker, data=a_study(), now=now)
    for _ in range(2):
        operations.change_member(session, study=study, data=MemberChange(login="other", action="add_member"))
    assert [member.login for member in queries.members(session, study)] == ["maker", "other"]
    assert queries.get_study(session, actor=other, study_id=study.public_id) is study
    operations.change_member(session, study=study, data=MemberChange(login="maker", action="remove_member"))
    with pytest.raises(AppError) as fault:
        operations.change_member(session, study=study, data=MemberChange(login="other", action="remove_member"))
    assert fault.value.code == "last_member"


@pytest.mark.db
def test_an_unknown_sign_in_name_is_said(session, now):
    with pytest.raises(AppError) as fault:
        operations.create_study(session, actor=COMMAND_LINE, data=a_study(), now=now, logins=["nobody"])
    assert fault.value.code == "no_login"


@pytest.mark.db
def test_a_study_made_on_the_command_line_has_the_members_named(session, now):
    member = actor(session, now, "member")
    study = operations.create_study(session, actor=COMMAND_LINE, data=a_study(), now=now, logins=["member"])
    assert study.created_by is None
    assert queries.get_study(session, actor=member, study_id=study.public_id) is study


@pytest.mark.db
def test_the_guide_version_is_kept_once_and_frozen(session, now):
    maker = actor(session, now, "maker")
    first = operations.create_study(session, actor=maker, data=a_study(), now=now)
    second = operations.create_study(session, actor=maker, data=a_study(), now=now)
    assert first.guide_version_id == second.guide_version_id
    kept = session.scalars(select(GuideVersion)).one()
    assert (kept.slug, kept.version) == ("standard", 1)
    assert len(queries.guide(session, first).questions) == 9


@pytest.mark.db
def test_a_study_without_anybody_to_ask_is_refused(session, now):
    with pytest.raises(AppError) as fault:
        operations.create_study(session, actor=COMMAND_LINE, data=a_study(loyal=0, lapsed=0, churned=0), now=now)
    assert fault.value.code == "no_quota"


@pytest.mark.db
def test_templates_give_their_lines_after_the_typed_ones(session, now):
    maker = actor(session, now, "maker")
    data = a_study(hypotheses="  ひとつめ \n\nふたつめ\nひとつめ", templates=["subscription_4", "unknown"])
    study = operations.create_study(session, actor=maker, data=data, now=now)
    lines = queries.hypotheses(session, study)
    assert lines[:2] == ("ひとつめ", "ふたつめ")
    assert lines[2] == "定期4回で解約した方は、商品が余っている"
    assert len(lines) == 5


@pytest.mark.db
def test_a_change_keeps_product_and_guide(session, now):
    maker = actor(session, now, "maker")
    study = operations.create_study(session, actor=maker, data=a_study(hypotheses=["a"]), now=now)
    change = StudyChange(title="新しい題名", question="なぜ", loyal=1, hypotheses=["b", "c"])
    operations.update_study(session, study=study, data=change)
    detail = queries.study_detail(session, actor=maker, study_id=study.public_id)
    assert (detail.title, detail.product, detail.quotas.total) == ("新しい題名", "白つゆ美容液", 1)
    assert detail.hypotheses == ("b", "c")


@pytest.mark.parametrize(
    "wrong",
    [{"product": ""}, {"product": "a\x00b"}, {"product": "\ud800"}, {"loyal": -1}, {"loyal": 51}, {"title": "x" * 121}],
)
def test_unusable_input_is_refused(wrong):
    with pytest.raises(ValidationError):
        a_study(**wrong)


@pytest.mark.db
def test_text_from_the_far_corners_comes_back_the_same(session, now):
    text = "髙﨑①㈱ ﾊﾟ 👩‍👧 \u202eab"
    study = operations.create_study(session, actor=COMMAND_LINE, data=a_study(product=text, title=text), now=now)
    session.expire_all()
    assert session.get_one(Study, study.id).title == text
