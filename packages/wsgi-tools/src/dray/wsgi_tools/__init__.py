"""dray.wsgi_tools: under construction."""
