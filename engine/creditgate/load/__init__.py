"""Load: YAML files become located, schema-valid trees of text."""
