"""One application in several forms: :mod:`.views` says what it does, the other modules how it is put together."""
