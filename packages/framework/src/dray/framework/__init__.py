"""dray.framework: under construction."""
