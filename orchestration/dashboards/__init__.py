"""Dashboards as code: from the compact sources in ``superset/`` to what Superset shows.

Here: reading and checking the sources, generating the bundle, and importing it from outside (``importer``,
which reaches Superset through ``runtime``). Not here: the dashboards themselves and Superset's configuration
(``superset/``), what runs inside Superset (``orchestration.superset_app``), nor any formula or threshold
(dbt).
"""
