"""Changes to studies. They flush; entry points commit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.accounts.queries import user_by_login
from app.accounts.schemas import Actor
from app.core.errors import AppError
from app.core.i18n import N_
from app.studies.attribute_quotas import refuse_more_than_lanes
from app.studies.guide_file import GUIDES_DIR, hypothesis_templates, parse_guide, read_toml
from app.studies.models import GuideVersion, Hypothesis, Study, StudyMember
from app.studies.schemas import MAX_HYPOTHESES, MemberChange, NewStudy, StudyChange

STANDARD_GUIDE = "standard"


def keep_guide(session: Session, *, now: datetime, slug: str = STANDARD_GUIDE) -> GuideVersion:
    """Return the stored row of the guide file's version, storing it the first time it is seen.

    A stored version is never overwritten: studies that froze it keep their wording.
    """
    content = read_toml(GUIDES_DIR / f"{slug}.toml")
    version = parse_guide(content).version
    found = session.scalar(
        select(GuideVersion).where(col(GuideVersion.slug) == slug, col(GuideVersion.version) == version)
    )
    if found is None:
        found = GuideVersion(slug=slug, version=version, content=content, created_at=now)
        session.add(found)
        session.flush()
    return found


def create_study(
    session: Session, *, actor: Actor, data: NewStudy, now: datetime, logins: Sequence[str] = ()
) -> Study:  # fmt: skip
    """Make a study with its maker as first member; `logins` names others.

    Raises:
        AppError: no lane asks for anybody, quotas ask for more than the lanes, or a sign-in name is not known.
    """
    refuse_empty_quotas(data.loyal + data.lapsed + data.churned)
    refuse_more_than_lanes(data.quotas, data.loyal + data.lapsed + data.churned)
    study = Study(
        title=data.title or data.product, product=data.product, question=data.question,
        guide_version_id=_id(keep_guide(session, now=now).id),
        loyal=data.loyal, lapsed=data.lapsed, churned=data.churned,
        attribute_quotas=[one.model_dump() for one in data.quotas],
        people_rule=data.people, created_at=now, created_by=actor.user_id,
    )  # fmt: skip
    session.add(study)
    session.flush()
    if actor.user_id is not None:
        session.add(StudyMember(study_id=_id(study.id), user_id=actor.user_id))
    for login in logins:
        change_member(session, study=study, data=MemberChange(login=login, action="add_member"))
    _write_hypotheses(session, study, [*data.hypotheses, *template_lines(data.templates, actor.locale)])
    session.flush()
    return study


def refuse_empty_quotas(total: int) -> None:
    """Pass silently when somebody is asked for.

    Raises:
        AppError: every quota is 0.
    """
    if total == 0:
        raise AppError("no_quota", N_("Ask for at least one person in one of the three lanes."))


def template_lines(slugs: Sequence[str], locale: str) -> list[str]:
    """Return the lines of the chosen templates; unknown slugs give none."""
    return [line for template in hypothesis_templates() if template.slug in slugs for line in template.lines(locale)]


def update_study(session: Session, *, study: Study, data: StudyChange) -> Study:
    """Change what a study asks for and supposes; product and guide stay.

    Raises:
        AppError: no lane asks for anybody, or quotas ask for more than the lanes.
    """
    refuse_empty_quotas(data.loyal + data.lapsed + data.churned)
    refuse_more_than_lanes(data.quotas, data.loyal + data.lapsed + data.churned)
    study.title, study.question = data.title, data.question
    study.loyal, study.lapsed, study.churned = data.loyal, data.lapsed, data.churned
    study.attribute_quotas = [one.model_dump() for one in data.quotas]
    session.add(study)
    _write_hypotheses(session, study, data.hypotheses)
    session.flush()
    return study


def change_member(session: Session, *, study: Study, data: MemberChange) -> None:
    """Let somebody join or leave the study; joining twice changes nothing.

    Raises:
        AppError: nobody signs in under this name, or the last member would leave.
    """
    user = user_by_login(session, data.login)
    if user is None:
        raise AppError("no_login", N_("Nobody signs in as {login}. Check the sign-in name."), login=data.login)
    key = {"study_id": _id(study.id), "user_id": _id(user.id)}
    row = session.get(StudyMember, key)
    if data.action == "add_member":
        if row is None:
            session.add(StudyMember(**key))
    elif row is not None:
        _refuse_last(session, study)
        session.delete(row)
    session.flush()


def _refuse_last(session: Session, study: Study) -> None:
    everybody = session.scalars(select(col(StudyMember.user_id)).where(col(StudyMember.study_id) == study.id)).all()
    if len(everybody) < 2:
        raise AppError("last_member", N_("A study keeps at least one member. Add somebody else first."))


def _write_hypotheses(session: Session, study: Study, lines: Sequence[str]) -> None:
    session.execute(delete(Hypothesis).where(col(Hypothesis.study_id) == study.id))
    kept = list(dict.fromkeys(lines))[:MAX_HYPOTHESES]
    session.add_all(Hypothesis(study_id=_id(study.id), position=n, text=line) for n, line in enumerate(kept))
    session.flush()


def _id(value: int | None) -> int:
    if value is None:
        message = "row is not stored yet"
        raise ValueError(message)
    return value
