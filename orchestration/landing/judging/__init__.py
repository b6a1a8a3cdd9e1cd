"""From rows as text to typed rows, each accepted or with the rule that it breaks; never with personal data.

The SQL is generated from the contract: ``casts`` for types, ``personal_sql`` for what must not land,
``judge_sql`` for the statement whole; ``judge`` runs it. How a value at fault is shown is the business of
``landing.masking``, since readers show some, too. Which format a row came in is not known here, and what
becomes of a file whose rows are bad is for ``landing.outcome`` to decide.
"""
