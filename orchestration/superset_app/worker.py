"""What must run inside Superset's application: preparing its metadata and importing the bundle.

Run by ``runtime.run_worker`` as ``python -m orchestration.superset_app.worker TASK FD``: the job is read from
standard input, the answer is written to the file descriptor. Both are JSON. With ``access_sync``, its second
half, the only module that drives Superset; some of it is imported only within the application's context.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy.sql.elements import TextClause
from superset.app import create_app

from orchestration.access.roles import ADMIN
from orchestration.superset_app.access_sync import bring_access
from orchestration.superset_app.redaction import TELLING_PARTS, redacted
from superset import migrations

LOG_RETENTION_DAYS = 90


def main() -> None:
    """Do the named task within an application context."""
    task, answer_fd = sys.argv[1], int(sys.argv[2])
    job: dict[str, Any] = json.load(sys.stdin)
    app = create_app()
    with app.app_context():
        answer = TASKS[task](job)
    with os.fdopen(answer_fd, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def initialise(job: dict[str, Any]) -> dict[str, Any]:
    """Bring the metadata to this version: schema, permissions, roles, the administrator, the bundle.

    ``job``: what ``synchronise`` takes; ``password`` for a new administrator or null; ``fresh`` if none
    was ever told. Answers what ``synchronise`` answers, and ``password`` if it is to be told now.
    """
    from superset.extensions import appbuilder, db, security_manager

    # Readers do not wait for writers; kept in the file, so set once.
    db.session.execute(TextClause("pragma journal_mode = wal"))
    flask_migrate.upgrade(directory=str(Path(migrations.__file__).parent))
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    admin = security_manager.find_user(ADMIN)
    password = str(job["password"] or secrets.token_urlsafe(12))
    told = admin is None or job["fresh"]
    if admin is None:
        security_manager.add_user(
            ADMIN, "Quản trị", "hệ thống", "admin@localhost", security_manager.find_role("Admin"), password
        )
    elif told:
        # Made by a start that broke off before it could tell.
        security_manager.reset_password(admin.id, password)
    return {**synchronise(job), "password": password if told else None}


def synchronise(job: dict[str, Any]) -> dict[str, Any]:
    """Make Superset hold exactly the ``bundle`` and the ``access``: bring in, overwrite, remove what left.

    Answers ``pruned``, the names of what was removed, and what ``bring_access`` answers.
    """
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.extensions import security_manager
    from superset.utils.core import override_user

    bundle: dict[str, str] = job["bundle"]
    admin = security_manager.find_user(ADMIN)
    with override_user(admin):
        ImportAssetsCommand(bundle).run()
        pruned = _prune(set(job["uuids"]))
        access = bring_access(job["access"])
    _forget_old_logs()
    _clean_logs()
    return {"pruned": pruned, **access}


def _prune(kept: set[str]) -> list[str]:
    """Delete what an earlier bundle brought and this one does not; what people made by hand stays."""
    from superset.connectors.sqla.models import SqlaTable
    from superset.extensions import db
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    pruned: list[str] = []
    for model, name in ((Dashboard, "dashboard_title"), (Slice, "slice_name"), (SqlaTable, "table_name")):
        for item in db.session.query(model).filter_by(is_managed_externally=True):
            if str(item.uuid) not in kept:
                pruned.append(getattr(item, name))
                db.session.delete(item)
        db.session.flush()
    db.session.commit()
    return pruned


def _forget_old_logs() -> None:
    """Superset never deletes its record of who opened what."""
    from superset.extensions import db

    db.session.execute(
        TextClause("delete from logs where dttm < datetime('now', :age)"),
        {"age": f"-{LOG_RETENTION_DAYS} days"},
    )
    db.session.commit()


def _clean_logs() -> None:
    """Take the secrets out of what was recorded before they were left out, from the file's free pages too."""
    from superset.extensions import db

    db.session.execute(TextClause("pragma secure_delete = on"))
    telling = " or ".join(f"json like '%{part}%' or referrer like '%{part}%'" for part in TELLING_PARTS)
    rows = db.session.execute(TextClause(f"select id, json, referrer from logs where {telling}")).fetchall()
    found = [
        {"id": number, "json": redacted(text), "referrer": redacted(referrer)}
        for number, text, referrer in rows
        if (text, referrer) != (redacted(text), redacted(referrer))
    ]
    if found:
        db.session.execute(
            TextClause("update logs set json = :json, referrer = :referrer where id = :id"), found
        )
    db.session.commit()
    if found:
        # Else the old pages would stay in the write-ahead log until somebody writes over them.
        db.session.execute(TextClause("pragma wal_checkpoint(truncate)"))
        db.session.commit()


TASKS = {"initialise": initialise, "synchronise": synchronise}

if __name__ == "__main__":
    main()
