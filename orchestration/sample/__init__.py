"""A synthetic province: realistic commune exports with planted faults, and the truth about them.

Everything that invents data belongs here and nothing else does; no other package may depend on it but
the command line. The files obey ``orchestration.contract``, catalogues come from the dbt seeds, and how
the province behaves is data beside the code (``parameters.yml``, ``procedure_mix.csv``, ``anchors.csv``,
``people.yml``). A sample is a pure function of its plan.
"""

from orchestration.sample.make import make_sample
from orchestration.sample.plan import Bottleneck, SampleError, SamplePlan, SampleResult

__all__ = ["Bottleneck", "SampleError", "SamplePlan", "SampleResult", "make_sample"]
