"""How long the phases of a rehearsal last, in seconds; each can be set in the environment."""

from __future__ import annotations

import os

LOAD = float(os.environ.get("REHEARSAL_LOAD_SECONDS", "40"))
CHAOS = float(os.environ.get("REHEARSAL_CHAOS_SECONDS", "300"))
KILL_EVERY = float(os.environ.get("REHEARSAL_KILL_EVERY_SECONDS", "3"))
# What a busy machine needs to bring up a pod; whatever waits longer has failed.
PATIENCE = float(os.environ.get("REHEARSAL_PATIENCE_SECONDS", "180"))
