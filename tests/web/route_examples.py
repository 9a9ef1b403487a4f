"""One example for every route: where it leads in the test world, and who may go there.

A route nobody gave an example for fails `test_every_route_has_an_example`. The role matrix, study isolation,
headers, axe, screenshots and canary tests are all made from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.support.world import World

EVERYBODY = frozenset({"researcher", "admin", "planner"})
FIELD = frozenset({"researcher", "admin"})
ADMIN = frozenset({"admin"})
PUBLIC = frozenset({"anonymous", "researcher", "admin", "planner"})
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Example:
    """`params` name ids of the world; `status` is what those in `who` get."""

    params: Mapping[str, str] = field(default_factory=dict)
    who: frozenset[str] = FIELD
    status: int = 200
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    page: bool = True

    def path_params(self, world: World) -> dict[str, str]:
        return {name: world.users.get(key) or world.ids.get(key, key) for name, key in self.params.items()}

    def query_string(self) -> str:
        return f"?{urlencode(self.query)}" if self.query else ""


def page(
    who: frozenset[str] = FIELD, *, status: int = 200, query: Mapping[str, str] = NOTHING, **params: str
) -> Example:
    return Example(params=params, who=who, status=status, query=query)


def part(who: frozenset[str] = FIELD, *, query: Mapping[str, str] = NOTHING, **params: str) -> Example:
    """A partial or a file: not a page of its own, so no axe and no screenshot."""
    return Example(params=params, who=who, page=False, query=query)


def post(
    who: frozenset[str] = FIELD, *, form: Mapping[str, str] = NOTHING, status: int = 303, **params: str
) -> Example:
    return Example(params=params, who=who, status=status, form=form, page=False)


STUDY_FORM = {
    "product": "あまみず 美容液",
    "title": "新しい調査",
    "question": "なぜ続くのか",
    "loyal": "1",
    "lapsed": "1",
    "churned": "1",
}
ANSWER_FORM = {"answer": "朝晩つけています。", "memo": "", "version": "0", "seconds": "5"}

EXAMPLES: dict[str, Example] = {
    "GET health": Example(who=PUBLIC, page=False),
    "GET sign_in": page(PUBLIC),
    "POST sign_in_post": post(PUBLIC, form={"login": "planner", "password": "ruri-bitaki-hiyodori-42"}),
    "POST sign_out": post(PUBLIC),
    "GET home": page(EVERYBODY, status=303),
    "GET help": page(EVERYBODY),
    "GET account": page(EVERYBODY),
    "POST account_password": post(EVERYBODY, status=422, form={"current": "x", "password": "short", "again": "short"}),
    "POST account_locale": post(EVERYBODY, form={"locale": "en"}),
    "POST token_create": post(EVERYBODY, status=200, form={"name": "週次の表", "days": "30"}),
    "POST token_revoke": post(EVERYBODY, status=404, token_id="nothing"),
    "GET users": page(ADMIN),
    "POST user_create": post(
        ADMIN, status=200, form={"login": "new.user", "display_name": "新しい人", "role": "planner"}
    ),
    "POST user_change": post(ADMIN, form={"role": "planner"}, user_id="outsider"),
    "GET purchases": page(),
    "GET monday": part(),
    "POST as_of_set": post(form={"day": "2026-11-20"}),
    "GET import_new": page(),
    "POST import_create": post(status=422),
    "GET import_show": page(import_id="import"),
    "POST import_mapping": post(import_id="import_uploaded"),
    "POST import_confirm": post(import_id="import_checked"),
    "GET import_undo_ask": page(import_id="import"),
    "POST import_undo": post(import_id="import"),
    "POST import_cancel": post(import_id="import_uploaded"),
    "POST import_discard": post(import_id="import_uploaded"),
    "GET import_progress": part(import_id="import"),
    "GET import_held_back": part(import_id="import_checked"),
    "GET held_rows": page(import_id="import_checked"),
    "POST held_rows_mend": post(status=422, import_id="import_checked"),
    "GET attributes": page(),
    "GET customers": page(),
    "GET stop_points": page(),
    "GET stop_points_csv": part(),
    "GET stop_survival": page(),
    "GET stop_surplus": page(),
    "GET customer_values": part(query={"of": "sex"}),
    "POST customer_search": post(status=200, form={"text": "金糸雀"}),
    "GET customer": page(customer_ref="customer"),
    "GET scores": page(),
    "GET scores_csv": part(),
    "GET layers_csv": part(),
    "GET layers": page(),
    "POST survey_add": post(
        form={"name": "認知調査", "surveyed_on": "2026-10-01", "asked": "1000", "aware": "400", "unaware": "480"}
    ),
    "POST survey_change": post(survey_id="layer_survey"),
    "GET thresholds": page(),
    "POST thresholds_preview": post(status=200, form={"action": "defaults"}),
    "POST thresholds_set": post(status=422, form={"long_days": "90"}),
    "GET movement": page(),
    "GET movement_table": part(),
    "GET rule_people": page(query={"customer_class": "lapsed", "orders": "2-"}),
    "GET rule_count": part(query={"orders_from": "2", "orders_to": ""}),
    "GET rule_words_found": part(field="first_product", query={"first_product": "s"}),
    "POST rule_csv": post(status=200, form={"rule": "orders=2-", "columns": "customer_id"}),
    "GET segments": page(EVERYBODY),
    "POST segment_create": post(form={"name": "二回以上", "rule": "orders=2-", "kind": "frozen"}),
    "GET segment": page(segment_id="segment"),
    "POST segment_rename": post(form={"name": "休眠の人"}, segment_id="segment"),
    "POST segment_change": post(form={"rule": "orders=3-"}, segment_id="segment"),
    "GET segment_delete_ask": page(segment_id="segment"),
    "POST segment_delete": post(segment_id="segment"),
    "GET cohorts": page(),
    "GET cohorts_csv": part(),
    "GET coming_back": page(),
    "POST coming_back_count": post(),
    "GET repeat": page(),
    "GET repeat_csv": part(),
    "GET value": page(),
    "GET value_csv": part(),
    "GET products": page(),
    "POST product_set": post(
        form={"source": "本店", "product_code": "OTHER-1", "family": "手ぬぐい", "days_per_unit": "60"}
    ),
    "POST proposals_answer": post(form={"action": "decline"}),
    "POST proposal_take_back": post(merge_id="product_answer"),
    "GET events": page(),
    "POST event_create": post(form={"happened_on": "2026-10-01", "kind": "campaign", "about": "everybody"}),
    "POST event_change": post(
        form={"happened_on": "2026-10-01", "kind": "renewal", "about": "everybody"}, event_id="event"
    ),
    "GET people": page(),
    "GET people_search": part(),
    "POST people_merge": post(status=409, suggestion_id="decided meanwhile"),
    "POST people_decline": post(status=409, suggestion_id="decided meanwhile"),
    "POST people_take_back": post(status=404, decision_id="nothing"),
    "GET studies": page(EVERYBODY),
    "GET study_new": page(),
    "POST study_create": post(form=STUDY_FORM),
    "GET study": page(EVERYBODY, study_id="study"),
    "POST study_update": post(form=STUDY_FORM, study_id="study"),
    "GET candidates": page(study_id="study"),
    "POST candidates_pick": post(study_id="study"),
    "POST candidate_state": post(form={"state": "invited"}, study_id="study", candidate_id="proposed"),
    "POST candidate_add": post(form={"customer_ref": "other_customer"}, study_id="study"),
    "POST interview_start": post(form={"mode": "online"}, study_id="study", candidate_id="agreed"),
    "GET interviews": page(),
    "GET interview": page(interview_id="finished"),
    "GET interview_consent": page(interview_id="consenting"),
    "POST interview_consent": post(form={"way": "tablet", "granted": "participation"}, interview_id="consenting"),
    "GET interview_live": page(interview_id="live", query={"q": "q1"}),
    "POST answer_save": post(form=ANSWER_FORM, interview_id="live", question_id="q2"),
    "POST question_skip": post(form={"version": "0"}, interview_id="live", question_id="q3"),
    "GET interview_closing": page(interview_id="live"),
    "POST interview_finish": post(form={"next_intention": "yes", "memo": ""}, interview_id="live"),
    "GET tag_queue": page(),
    "GET tag_review": page(interview_id="finished"),
    "POST tag_decide": post(form={"action": "accept"}, tag_id="tag"),
    "POST tag_add": post(form={"stage": "anxiety"}, sentence_id="sentence"),
    "POST tags_accept_all": post(interview_id="finished"),
    "POST tags_refresh": post(interview_id="finished"),
    "POST answer_revise": post(
        form={"text": "夕方になると頬がつっぱりました。", "version": "1"}, interview_id="finished", question_id="q1"
    ),
    "GET live_tags": part(interview_id="live", question_id="q1"),
    "GET boards": page(EVERYBODY),
    "GET study_board": page(EVERYBODY, study_id="study"),
    "GET person_board": page(EVERYBODY, study_id="study", person_id="person"),
    "GET exports": page(EVERYBODY),
    "POST export_create": post(EVERYBODY, status=200, form={"kind": "pptx"}, study_id="study"),
}

# More states of the same pages, for axe, screenshots and the canary search.
VARIANTS: dict[str, tuple[str, Example]] = {
    "overview-read-first": ("purchases", page(query={"now": "1"})),
    "customers-by-attribute": ("customers", page(query={"attribute": "sex=female", "customer_class": "loyal"})),
    "customers-of-an-attribute": ("customers", page(query={"of": "prefecture"})),
    "members-taken": ("import_show", page(import_id="import_members")),
    "members-checked": ("import_show", page(import_id="members_checked")),
    "members-uploaded": ("import_show", page(import_id="members_uploaded")),
    "study-board-by-attribute": ("study_board", page(EVERYBODY, study_id="study", query={"by": "sex"})),
    "segment-frozen": ("segment", page(segment_id="segment_frozen")),
    "people-of-everybody": ("rule_people", page()),
    "customers-filtered": ("customers", page(query={"customer_class": "loyal"})),
    "held-row": ("held_rows", page(import_id="import_checked", query={"line": "167"})),
    "import-checked": ("import_show", page(import_id="import_checked")),
    "import-uploaded": ("import_show", page(import_id="import_uploaded")),
    "interview-live-running": ("interview", page(interview_id="live")),
    "live-q6": ("interview_live", page(interview_id="live", query={"q": "q6"})),
    "candidates-empty": ("candidates", page(study_id="study", query={"state": "held"})),
    "planner-study": ("study_board", page(EVERYBODY, study_id="study")),
}

# Ids in an address that belong to a study: somebody outside it must get 404.
SCOPED = frozenset({"study_id", "candidate_id", "interview_id", "tag_id", "sentence_id", "person_id"})
