"""Reads of studies. A study that is not yours is a study that is not there."""

from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session, col

from app.accounts.models import User
from app.accounts.schemas import Actor, Role
from app.core.errors import NotFound
from app.core.i18n import N_
from app.purchases.segments.rule import read_rule
from app.studies.attribute_quotas import AttributeQuota
from app.studies.guide_file import parse_guide, questions_for, with_product
from app.studies.models import GuideVersion, Hypothesis, Study, StudyMember
from app.studies.schemas import GuideContent, Member, Quotas, StudyDetail, StudyRow

__all__ = ["get_study", "guide", "list_studies", "members", "questions_for", "study_detail", "visible_to"]


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that keeps the studies this person may see: members, and administrators."""
    if actor.role is Role.ADMIN:
        return true()
    mine = select(col(StudyMember.study_id)).where(col(StudyMember.user_id) == actor.user_id)
    return col(Study.id).in_(mine)


def get_study(session: Session, *, actor: Actor, study_id: str) -> Study:
    """Return a study by its public id.

    Raises:
        NotFound: there is none, or this person is no member of it.
    """
    study = session.scalar(select(Study).where(col(Study.public_id) == study_id, visible_to(actor)))
    if study is None:
        code = "no_study"
        raise NotFound(code, N_("There is no such study, or you are not a member of it."))
    return study


def list_studies(session: Session, *, actor: Actor) -> list[StudyRow]:
    """Return the studies this person may see, newest first."""
    query = select(Study).where(visible_to(actor)).order_by(col(Study.created_at).desc(), col(Study.id).desc())
    return [
        StudyRow(
            public_id=study.public_id, title=study.title, product=study.product, question=study.question,
            quotas=quotas(study), created_at=study.created_at,
        )
        for study in session.scalars(query)
    ]  # fmt: skip


def quotas(study: Study) -> Quotas:
    """Return how many people each lane asks for."""
    return Quotas(loyal=study.loyal, lapsed=study.lapsed, churned=study.churned)


def attribute_quotas(study: Study) -> tuple[AttributeQuota, ...]:
    """Return how many people with which attributes the study asks for, beside its lanes."""
    return tuple(AttributeQuota.model_validate(one) for one in study.attribute_quotas)


def guide(session: Session, study: Study) -> GuideContent:
    """Return the guide in the version this study froze."""
    version = session.get_one(GuideVersion, study.guide_version_id)
    return parse_guide(version.content)


def hypotheses(session: Session, study: Study) -> tuple[str, ...]:
    """Return what the study supposes, in its order."""
    query = select(col(Hypothesis.text)).where(col(Hypothesis.study_id) == study.id).order_by(col(Hypothesis.position))
    return tuple(session.scalars(query))


def members(session: Session, study: Study) -> tuple[Member, ...]:
    """Return who sees the study, by name."""
    query = (
        select(User)
        .join(StudyMember, col(StudyMember.user_id) == col(User.id))
        .where(col(StudyMember.study_id) == study.id)
        .order_by(col(User.display_name), col(User.id))
    )
    return tuple(
        Member(login=user.login, display_name=user.display_name, role=user.role) for user in session.scalars(query)
    )


def study_detail(session: Session, *, actor: Actor, study_id: str) -> StudyDetail:
    """Return a study with its hypotheses, members and questions.

    Raises:
        NotFound: there is none, or this person is no member of it.
    """
    study = get_study(session, actor=actor, study_id=study_id)
    content = guide(session, study)
    return StudyDetail(
        public_id=study.public_id,
        title=study.title,
        product=study.product,
        question=study.question,
        quotas=quotas(study),
        attribute_quotas=attribute_quotas(study),
        people=read_rule(study.people_rule),
        as_of=study.as_of,
        created_at=study.created_at,
        guide_title=content.title,
        guide_title_en=content.title_en,
        guide_version=content.version,
        hypotheses=hypotheses(session, study),
        members=members(session, study),
        questions=tuple(with_product(question, study.product) for question in content.questions),
    )
