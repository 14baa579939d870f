"""What the pages say about an order, to the person who reads it: no rule lives in a template."""
