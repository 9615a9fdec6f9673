"""The read models, one file each: rows, the fold that fills them, and the queries over them."""
