package dev.headrace.connector;

import dev.headrace.streaming.StreamingQueryListener;

/// Takes what a streaming query tells about itself. Returns at once: listeners run on other threads.
@FunctionalInterface
public interface QueryEvents {
    void tell(StreamingQueryListener.Event event);
}
