"""How people prove who they are: Superset's settings for passwords, LDAP or OpenID Connect. Pure.

The account list says who may see which commune whatever the way of signing in. Who is known to the
directory alone gets the roles of ``auth_roles``, none by default, and no commune.
"""

from __future__ import annotations

from typing import Any

from flask_appbuilder.const import AUTH_DB, AUTH_LDAP, AUTH_OAUTH
from pydantic import SecretStr

from orchestration.access.roles import ADMIN, ADMIN_ROLE, roles
from orchestration.errors import SettingsError
from orchestration.settings import PREFIX, Settings

OIDC_PROVIDER = "oidc"
NO_ROLE = "Public"
_SCOPES = "openid profile email"


def sign_in_config(settings: Settings) -> dict[str, Any]:
    """Superset's ``AUTH_*`` names for the chosen way.

    Raises:
        SettingsError: the way needs a setting that is missing, or a role that does not exist is mapped.
    """
    if settings.auth == "password":
        return {"AUTH_TYPE": AUTH_DB, "AUTH_USER_REGISTRATION": False}
    return {
        # The directory's people get their account when they first come; a role only by the mapping.
        "AUTH_USER_REGISTRATION": True,
        "AUTH_USER_REGISTRATION_ROLE": NO_ROLE,
        "AUTH_ROLES_MAPPING": _mapping(settings),
        "AUTH_ROLES_SYNC_AT_LOGIN": bool(settings.auth_roles),
        **(_ldap(settings) if settings.auth == "ldap" else _oidc(settings)),
    }


def _ldap(settings: Settings) -> dict[str, Any]:
    _require(settings, "ldap_server", "ldap_search")
    encrypted = str(settings.ldap_server).startswith("ldaps://")
    return {
        "AUTH_TYPE": AUTH_LDAP,
        "AUTH_LDAP_SERVER": settings.ldap_server,
        # A password never crosses the network in clear.
        "AUTH_LDAP_USE_TLS": not encrypted,
        "AUTH_LDAP_TLS_DEMAND": True,
        "AUTH_LDAP_SEARCH": settings.ldap_search,
        "AUTH_LDAP_UID_FIELD": settings.ldap_uid_field,
        "AUTH_LDAP_GROUP_FIELD": settings.ldap_group_field,
        "AUTH_LDAP_BIND_USER": settings.ldap_bind_user or "",
        "AUTH_LDAP_BIND_PASSWORD": _reveal(settings.ldap_bind_password),
    }


def _oidc(settings: Settings) -> dict[str, Any]:
    _require(settings, "oidc_issuer", "oidc_client_id", "oidc_client_secret")
    issuer = str(settings.oidc_issuer).rstrip("/")
    if not issuer.startswith("https://"):
        raise SettingsError(f"{PREFIX}OIDC_ISSUER phải bắt đầu bằng https://. Hãy sửa cài đặt này.")
    return {
        "AUTH_TYPE": AUTH_OAUTH,
        "OAUTH_PROVIDERS": [
            {
                "name": OIDC_PROVIDER,
                "icon": "fa-id-card",
                "token_key": "access_token",
                "remote_app": {
                    "client_id": settings.oidc_client_id,
                    "client_secret": _reveal(settings.oidc_client_secret),
                    "server_metadata_url": f"{issuer}/.well-known/openid-configuration",
                    "client_kwargs": {"scope": _SCOPES},
                },
            }
        ],
    }


def _reveal(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _mapping(settings: Settings) -> dict[str, list[str]]:
    """Superset's roles by group of the directory."""
    known = {**{name: name for name in roles().roles}, ADMIN: ADMIN_ROLE}
    if unknown := sorted(set(settings.auth_roles.values()) - set(known)):
        raise SettingsError(
            f"{PREFIX}AUTH_ROLES giao vai trò không có: {', '.join(unknown)}. "
            f"Các vai trò: {', '.join(known)}."
        )
    return {group: [known[role]] for group, role in settings.auth_roles.items()}


def _require(settings: Settings, *names: str) -> None:
    missing = [f"{PREFIX}{name.upper()}" for name in names if not getattr(settings, name)]
    if missing:
        raise SettingsError(f"Cách đăng nhập {settings.auth} còn thiếu cài đặt: {', '.join(missing)}.")


def identity(claims: dict[str, Any]) -> dict[str, Any]:
    """What Superset keeps of a person from the provider's claims; nothing if they cannot be used.

    The built-in administrator's name is never taken from outside: whoever could choose it would be him.
    """
    username = str(claims.get("preferred_username") or claims.get("email") or "").strip().casefold()
    if not username or username == ADMIN:
        return {}
    return {
        "username": username,
        "first_name": str(claims.get("given_name") or claims.get("name") or username),
        "last_name": str(claims.get("family_name") or ""),
        "email": str(claims.get("email") or f"{username}@localhost"),
        "role_keys": [str(group) for group in claims.get("groups") or []],
    }
