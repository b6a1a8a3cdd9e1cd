"""The command ``motcua``: reads what was typed, calls the packages that do the work, shows what came of it.

Nothing here computes. Results go to standard output, progress and errors to standard error.
"""
