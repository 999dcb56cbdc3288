"""The words of the trade: units, types, the vocabulary of facts, timelines, calendars."""
