"""A whole go-live at speed: to show what happens, to try one's own file, and to test that it works."""
