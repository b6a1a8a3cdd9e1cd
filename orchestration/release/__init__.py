"""Releases: the only thing that readers see.

Here: turning a finished build into an immutable directory, switching readers to it, keeping the right
ones, and reading from them inside a sandbox. Not here: how the build came about (``orchestration.warehouse``)
nor who asks for a release (``orchestration.assets``, ``orchestration.cli``).

Public: ``publish.publish``, ``reader.connect``, ``reader.run_sql``, ``manifest.current_manifest``,
``content.table_content``.
"""
