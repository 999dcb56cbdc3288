"""Expressions as sentences in English and Chinese, from the typed IR alone.

`sentences` is the one renderer; `phrases` holds the words of both languages, `english` and
`chinese` the little grammar each needs.
"""
