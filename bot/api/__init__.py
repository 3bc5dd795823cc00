"""The same figures for programs: read only, by token, after the same decision on what may be shown."""
