"""The child process that opens spreadsheets: what Excel opens, as sheets of text cells. Run by
``readers.spreadsheet`` only.

Spreadsheet parsers can be made to take any amount of memory or to abort the process, so they run here, under
a memory limit, one file after another. It imports nothing of the project and touches no file. ``__main__``
speaks with the parent, ``workbooks`` opens workbooks by their libraries, ``packages`` looks into a workbook's
package first, ``pages`` reads tables of markup. What the rows of a sheet mean is the parent's business.
"""
