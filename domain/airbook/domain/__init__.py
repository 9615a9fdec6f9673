"""What an airline decides: airplanes, reservations, and the approval policy."""
