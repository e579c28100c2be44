package dev.headrace.demo;

/// What sends the demo's traffic, from its start to [#close].
sealed interface Shop extends AutoCloseable permits ShopGenerator, PostgresShop {
    /// How many clicks Kafka has acknowledged.
    long clicks();

    /// How many order changes Kafka has acknowledged.
    long orderChanges();

    /// Stops the traffic, waits until Kafka has all of it, and writes down what the proof needs.
    ///
    /// @throws dev.headrace.errors.UnavailableException if that fails
    void finish();

    /// Stops at once.
    @Override
    void close();
}
