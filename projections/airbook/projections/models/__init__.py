"""The read models, one file each: the rows, the fold that fills them, and the queries."""
