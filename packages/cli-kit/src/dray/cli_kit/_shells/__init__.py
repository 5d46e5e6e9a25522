"""Completion in shells: what they all share, and one module for each.

Lowest first: ``words``, ``resolve``, ``base``, then ``bash``, ``zsh``, ``fish``, ``powershell`` and ``nushell`` side by
side.
"""
