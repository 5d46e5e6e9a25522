"""The gateways: how a server hands a request to the lifecycle, and takes the response."""
