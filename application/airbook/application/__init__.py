"""What every front opens: settings, labels in both languages, and the book of reservations."""
