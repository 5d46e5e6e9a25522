"""The code generator's parts: from the template's tree to Python's, with the template's lines and columns on every
node."""
