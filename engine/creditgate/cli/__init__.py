"""The `creditgate` command; no rule of the trade lives here."""
