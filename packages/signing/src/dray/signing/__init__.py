"""dray.signing: under construction."""
