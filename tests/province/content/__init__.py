"""Deliveries that land and mean nonsense: what a province's files may hold, alone and in pairs.

``oddities`` are small generators, one for a kind of nonsense; ``inbox`` gives each pair of communes one
of them over a few days, so that one build judges all. Files that cannot be read are the business of
``tests/landing/fuzzing``.
"""
