package dev.headrace.demo;

import java.io.IOException;

/// A process that starts a broker, says which one, and waits to be killed.
final class BrokerOwner {

    private BrokerOwner() {}

    /// @param args `paused` to freeze the broker once it is up
    public static void main(String[] args) throws IOException {
        KafkaBroker broker = KafkaBroker.start();
        if (args.length > 0) {
            broker.pause();
        }
        System.out.println(broker.pid());
        System.out.println(broker.log().getParent());
        System.in.read();
    }
}
