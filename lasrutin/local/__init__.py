"""What lets lasrutin run on a machine that has no PostgreSQL, Redis or mail server of its own."""
