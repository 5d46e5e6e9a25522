"""dray.safe_strings: under construction."""
