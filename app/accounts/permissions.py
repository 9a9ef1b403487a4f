"""The one permission map: which role may do what. Objects are checked where they are read."""

from app.accounts.schemas import Actor, Role
from app.core.errors import Forbidden
from app.core.i18n import N_

EVERYBODY = frozenset(Role)
FIELD_TEAM = frozenset({Role.RESEARCHER, Role.ADMIN})
ADMIN_ONLY = frozenset({Role.ADMIN})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "home.read": EVERYBODY,
    "account.write": EVERYBODY,
    "users.manage": ADMIN_ONLY,
    "purchases.read": FIELD_TEAM,
    "purchases.import": FIELD_TEAM,
    "segments.read": EVERYBODY,
    "studies.read": EVERYBODY,
    "studies.write": FIELD_TEAM,
    "candidates.read": FIELD_TEAM,
    "candidates.write": FIELD_TEAM,
    "interviews.read": FIELD_TEAM,
    "interviews.write": FIELD_TEAM,
    "tags.read": FIELD_TEAM,
    "tags.write": FIELD_TEAM,
    "boards.read": EVERYBODY,
    "exports.create": EVERYBODY,
}


def may(actor: Actor, permission: str) -> bool:
    """Tell whether this person's role carries the permission."""
    return actor.role in PERMISSIONS[permission]


def require(actor: Actor, permission: str) -> None:
    """Pass silently, or refuse.

    Raises:
        Forbidden: the role does not carry the permission.
    """
    if not may(actor, permission):
        code = "forbidden"
        raise Forbidden(code, N_("This page is not open to your role. Ask an administrator if you need it."))
