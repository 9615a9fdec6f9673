"""Labels in both languages, and the reading and writing of what people type and see."""
