"""Long-lived processes: what they are, how they are made ready, started, watched and stopped together.

What a service does belongs to its own package; here is only its life.
"""
