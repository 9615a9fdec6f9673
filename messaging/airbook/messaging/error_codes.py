"""The codes of errors of the Kafka client, by what airbook makes of them."""

# ruff: noqa: SLF001 -- the library's names of the client's own errors begin with _
from __future__ import annotations

from confluent_kafka import KafkaError

TIMED_OUT = KafkaError._TIMED_OUT
END_OF_PARTITION = KafkaError._PARTITION_EOF
ALL_DOWN = KafkaError._ALL_BROKERS_DOWN

# The account, the password or a certificate is wrong; see `refusals`.
REFUSED = {
    KafkaError._AUTHENTICATION,
    KafkaError._SSL,
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError.UNSUPPORTED_SASL_MECHANISM,
}
# An administrator of the broker can permit it at any time.
DENIED = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
}
MISSING = {
    KafkaError._UNKNOWN_TOPIC,
    KafkaError._UNKNOWN_PARTITION,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
}
UNREACHABLE = {
    ALL_DOWN,
    KafkaError._TRANSPORT,
    KafkaError._RESOLVE,
    KafkaError._TIMED_OUT,
}
# A broker is away: it does not answer, and refuses nothing.
AWAY = {KafkaError._TRANSPORT, KafkaError._RESOLVE}
# The client itself does not end these troubles soon.
LASTING_CODES = {ALL_DOWN, KafkaError._RESOLVE, KafkaError._FATAL, *REFUSED, *DENIED}

# Messages that were thrown away with their producer.
PURGED = {KafkaError._PURGE_QUEUE, KafkaError._PURGE_INFLIGHT}

# Another member of the group has the partition now, and reads the messages again.
MOVED = {
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError._NO_OFFSET,
    KafkaError._ASSIGNMENT_LOST,
}
# The consumer goes on by itself after these.
PASSING = {KafkaError._MAX_POLL_EXCEEDED, KafkaError._PARTITION_EOF, KafkaError._TRANSPORT}
