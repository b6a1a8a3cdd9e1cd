"""Dashboards as code: from the compact sources in ``superset/`` to what Superset shows.

Here: reading and checking the sources, generating the bundle, importing it, preparing and starting
Superset, and the few functions that run inside it. Not here: the dashboards themselves and Superset's
configuration (``superset/``), nor any formula or threshold (dbt).
"""
