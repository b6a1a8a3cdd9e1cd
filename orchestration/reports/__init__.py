"""Documents that are generated from the catalogues and the release, for people to read.

Here: the guide to the indicators. Not here: dashboards (``orchestration.dashboards``) and what a formula is
(``dbt_project/macros/indicators.sql``).
"""
