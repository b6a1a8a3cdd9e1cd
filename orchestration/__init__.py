"""Một Cửa Monitor: from commune exports to a checked release and its dashboards.

Packages, in the order in which data flows: ``contract`` (what may come in), ``landing`` (files to lake),
``warehouse`` (dbt over the lake), ``release`` (checked copy that people see), ``dashboards`` (Superset as
code), ``reports`` (generated documents). ``sample`` makes a synthetic province, ``services`` runs the
servers, ``cli`` is the thin ``motcua`` command.
The flat modules beside them hold what all share (``settings``, ``home``, ``clock``, ``errors``) and the
Dagster code location, one concept each (``assets``, ``jobs``, ...), put together by ``definitions``.
"""
