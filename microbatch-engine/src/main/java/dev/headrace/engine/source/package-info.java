/// The streams that the engine brings: [MemoryStream] for tests, numbers ([RateConnector], [RateMicroBatchConnector])
/// and the lines of a socket ([SocketConnector]).
@NullMarked
package dev.headrace.engine.source;

import org.jspecify.annotations.NullMarked;
