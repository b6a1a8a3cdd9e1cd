"""Documents for people: what goes back to those who send data, and the forms of the province.

Letters and summaries follow the lake and the release: ``fault_facts``, ``delivery_facts`` and ``doubt_facts``
read (by ``released``), ``fault_letter``, ``doubt_pages`` and ``delivery_summary`` word and lay out (on
``sheets``, with ``wording`` and ``grouping``), ``outbox`` writes. Form II.06 follows the release: ``ii06``
reads and checks, ``ii06_workbook`` lays out. ``files`` puts any of them on the disk.

Not here: guides (``orchestration.generate``), dashboards (``orchestration.dashboards``) and what a formula
is (``dbt_project/macros``).
"""
