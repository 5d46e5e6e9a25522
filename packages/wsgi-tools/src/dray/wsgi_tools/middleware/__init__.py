"""Applications that wrap an application. Each module has one; this one has nothing."""
