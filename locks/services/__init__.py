"""What is done to the world: a verb per function, inside the caller's transaction.

Refusals are `ValidationError`s keyed by the parameter that is wrong, in Swedish, ready for a form.
"""
