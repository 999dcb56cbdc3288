"""Many orders from files, decided in batches: tables in, decisions and counts out."""
