"""The work on the terminal: progress bars, pager, editor, desktop, keys.

Each module stands alone. They are loaded when they are needed, so they may import what they like.
"""
