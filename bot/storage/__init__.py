"""Where rows are kept, and how they get there."""
