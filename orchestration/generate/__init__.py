"""What is committed though a program writes it (``make generate``): official data, dbt's YAML, guides.

A module per subject makes text and touches no file; ``committed`` says which file holds which text,
``__main__`` writes them. One test holds every committed file to what stands here. Run by maintainers and
tests only: the platform reads the files, and nothing else imports this package.
"""
