"""dray.templating: under construction."""
