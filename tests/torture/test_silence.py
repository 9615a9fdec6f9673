"""Every command gives a silent server up."""

from __future__ import annotations

import pytest

from tests.faults.silencing import begin, gives_up
from tests.support.home import Home
from tests.support.proxy import Proxy

pytestmark = pytest.mark.torture


@pytest.mark.parametrize(
    "line", ["planes", "status", "show 1", "why 1", "cancel 1", "doctor", "daemon --once"]
)
def test_a_command_gives_a_silent_server_up(
    served: Home, distant: Home, proxy: Proxy, line: str
) -> None:
    begin(served)
    gives_up(distant, proxy, line)
