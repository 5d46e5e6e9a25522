"""Packages of the ecosystem, as they are published, on dray in drop-in mode.

What belongs to one package is an entry (:mod:`.entries`) and an application of it in ``applications/``. How it is
installed (:mod:`.environments`), how it is run on either side (:mod:`.sides`) and what is made of the outcomes
(:mod:`.outcomes`, :mod:`.table`) is the same for all of them, and knows none of them by name.
"""
