"""The demo municipality: invented people in invented streets, and a past that the engine itself has lived through.

A chapter of the routine is a file with its stories; `build` collects them.
"""
