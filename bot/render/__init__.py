"""The report as Markdown: the check run's summary, inline comments, and the markers we know them by."""
