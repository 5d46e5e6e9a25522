"""What the noxfile does with the six packages as projects: who depends on whom, releasing one, rehearsing all.

Nothing here is published. The workflows call nox, and nox calls this.
"""
