"""The screens: the reading screen, and the sheets that open over it."""
