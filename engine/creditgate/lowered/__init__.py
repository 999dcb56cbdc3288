"""The IR of an epoch lowered to terms that are shared, folded and ready for every backend."""
