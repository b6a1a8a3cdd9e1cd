"""From the bytes of one file to rows as text, in one tabular form; each format that may come has its reader.

Regular CSV is told by a quick look (``csv_scan``) and read many files at a time by the engine (``sources``
builds the SQL); all else one by one (``csv_careful``, ``json_reader``, ``spreadsheet`` with its
child process, ``archives`` around any of them). Rows become columns in ``grid`` and ``sheet_grid``, lists
inside objects in ``nested``. No value is typed or judged here, nothing is written, and which reader a file
gets is for ``landing.reading`` to say.
"""
