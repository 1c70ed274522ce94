"""What results look like in a notebook; see ``docs/report-and-display.md``."""
