"""Tests, one folder per package of ``orchestration``, plus ``dbt`` and ``province`` (whole runs).

``support`` holds what several folders build their data with. The tests run offline, in any order, and
leave nothing behind.
"""
