"""Settings of the whole suite."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# How long an example takes is the machine's business: no test fails because others use it too.
settings.register_profile("dray", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dray")
