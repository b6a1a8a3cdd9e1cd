"""Long-lived processes: what they are and how they are started, watched and stopped together.

What a service does belongs to its own package; here is only its life.
"""
