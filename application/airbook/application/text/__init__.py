"""Labels in two languages, parsing of typed words, formatting of responses, safe terminal text."""
