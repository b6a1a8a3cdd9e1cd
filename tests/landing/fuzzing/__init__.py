"""Fuzzing of landing: strategies that build odd files, the test that lands them, and the runner of
``make fuzz``, which repeats that test for minutes under guards. Nothing of the project itself.
"""
