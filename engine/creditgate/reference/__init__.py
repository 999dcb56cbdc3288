"""The evaluator that defines the meaning of the language: small, plain and slow."""
