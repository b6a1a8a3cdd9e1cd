"""Whole runs of the platform through its command line, on exports whose truth is known."""
