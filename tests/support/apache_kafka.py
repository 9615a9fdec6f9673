"""Apache Kafka itself, one process that keeps its topics on disk, from jars that were given."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.certificates import certify
from tests.support.kafka_broker import OwnBroker
from tests.support.ports import reserved_port

JARS = "AIRBOOK_TEST_KAFKA_JARS"
PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://{server},SASL_SSL://{secured},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://{server},SASL_SSL://{secured}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={scram} required;
listener.name.sasl_ssl.plain.sasl.jaas.config={plain} required user_{account}="{password}";
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
controller.listener.names=CONTROLLER
log.dirs={folder}/kept
num.partitions=3
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""


# What the first listener demands of its clients: nothing; and the second one: an account, by TLS.
ACCOUNT, PASSWORD = "airbook", "a word for tests"
LOGINS = {
    "scram": "org.apache.kafka.common.security.scram.ScramLoginModule",
    "plain": "org.apache.kafka.common.security.plain.PlainLoginModule",
}


class ApacheKafka(OwnBroker):
    """A broker and its controller in one process. jars: the folder named in JARS.

    secured: HOST:PORT for clients with an account. authority: the certificate that they trust.
    """

    start_seconds = 300.0  # of a busy machine; an idle one needs five

    def __init__(self, jars: str) -> None:
        super().__init__()
        self._classes = f"{jars}/*"
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.secured = f"127.0.0.1:{self._stack.enter_context(reserved_port())}"
        self.authority = certify(self._folder)
        self._properties = self._folder / "server.properties"
        self._properties.write_text(
            PROPERTIES.format(
                server=self.server,
                secured=self.secured,
                account=ACCOUNT,
                password=PASSWORD,
                **LOGINS,
                controller=self._stack.enter_context(reserved_port()),
                folder=self._folder,
            )
        )
        cluster = ("--standalone", "--cluster-id", "AirbookTestsAirbookTests")
        scram = ("--add-scram", f'SCRAM-SHA-512=[name="{ACCOUNT}",password="{PASSWORD}"]')
        tool = ("kafka.tools.StorageTool", "format", *cluster, *scram)
        self._run(*tool, "--config", self._properties)

    def _java(self, *words: str | Path) -> Sequence[str | Path]:
        return ["java", "-Xmx400m", "-cp", self._classes, *words]

    def _run(self, *words: str | Path) -> None:
        subprocess.run(self._java(*words), check=True, capture_output=True)

    def command(self) -> Sequence[str | Path]:
        return self._java("kafka.Kafka", self._properties)


@contextmanager
def running() -> Generator[ApacheKafka]:
    """Run Apache Kafka; skip the test if no jars were given."""
    jars = os.environ.get(JARS)
    if not jars:
        pytest.skip(f"{JARS} names no folder")
    with closing(ApacheKafka(jars)) as broker:
        broker.start()
        yield broker
