"""From located source to typed rulebooks: names, dates, types and units, polarity."""
