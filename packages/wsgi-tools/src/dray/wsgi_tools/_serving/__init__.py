"""The parts of the development server; :mod:`dray.wsgi_tools.serving` is their public face."""
