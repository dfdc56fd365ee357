"""Who may do what: the roles, and what each deed asks for; the office may give a deed to other roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from db.resources import rows_of

CLERK, REVIEWER, ADMINISTRATOR, READER = ROLES = ("登记员", "审核", "管理员", "只读")
GIVEN = "may_"  # before the name of a permission: the setting by which the office gives it to roles
KEPT = ("accounts",)  # always the administrators', or nobody could take it back


@dataclass(frozen=True)
class Permission:
    """One deed that is asked for: its name, what the clerk calls it, and the roles that have it as bundled."""

    name: str
    label: str
    roles: tuple[str, ...]


@cache
def permissions() -> dict[str, Permission]:
    """Every permission by its name."""
    return {
        row["permission"]: Permission(row["permission"], row["label"], tuple(row["roles"].split("、")))
        for row in rows_of("accounts/permissions.csv")
    }


def roles_with(permission: str, settings: Mapping[str, str]) -> tuple[str, ...]:
    """The roles that have a permission, by the office's settings; those who only look never change anything.

    Raises KeyError for a permission that does not exist.
    """
    bundled = permissions()[permission].roles
    given = settings.get(f"{GIVEN}{permission}")
    if given is None or permission in KEPT:
        return bundled
    named = given.split("、")
    return tuple(role for role in ROLES if role in named and role != READER) or (ADMINISTRATOR,)
