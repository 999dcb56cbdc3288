"""The typed meaning of rulebooks; it knows neither YAML nor grammar."""
