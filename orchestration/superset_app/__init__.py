"""What runs inside Superset's processes: our rules and additions to an application that others write.

``superset/superset_config.py`` loads it: ways in (``sign_in``, ``sessions``, ``throttle``), what an account
may ask (``security``, ``free_sql``, ``viewers``), one release per request and its answers (``serving``,
``release_cache``, ``warm_up``), what browsers get (``front_end``, ``newcomers``, ``translations``,
``excel_csv``), what is recorded (``access_log``). ``worker`` and ``access_sync`` bring Superset to what the
importer wants. Who has which role is ``orchestration.access``; what the dashboards hold and how Superset is
reached from outside, ``orchestration.dashboards``; how its server is started, ``orchestration.services``.
"""
