"""Who may see what: the roles, the people, and what follows from both, as plain data.

Here: reading and checking ``superset/roles.yml`` and the users file, and the grants that the warehouse
publishes for row security. Not here: putting them into Superset (``orchestration.dashboards``), nor
passwords and sessions.
"""
