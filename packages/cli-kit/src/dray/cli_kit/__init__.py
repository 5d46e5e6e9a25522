"""dray.cli_kit: under construction."""
