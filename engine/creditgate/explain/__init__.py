"""What people ask about decisions: why, by what authority, what would pass, and once more."""
