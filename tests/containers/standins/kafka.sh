# Run Tansu, which speaks the protocol of Kafka, at the address that the settings of Kafka name.
exec tansu broker --listener-url tcp://0.0.0.0:9092 --storage-engine memory://tansu/ \
    --advertised-listener-url "tcp://${KAFKA_ADVERTISED_LISTENERS#PLAINTEXT://}"
