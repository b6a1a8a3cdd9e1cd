"""dbt's working warehouse: parsing the project, building it in process, and the record of a good build.

Nobody but dbt opens the working database, except the release step once dbt is done. Not here: what the
models say (``dbt_project/``) nor what is served (``orchestration.release``).

Public: ``build.stream_build``, ``build.build``, ``project.manifest_file``, ``record.finished_build``.
"""
