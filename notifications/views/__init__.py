"""Pages of what people are told, one file a subject."""
