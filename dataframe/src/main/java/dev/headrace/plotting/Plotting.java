package dev.headrace.plotting;

import dev.headrace.DataFrame;

/// What draws: found as a [java.util.ServiceLoader] service.
public interface Plotting {
    Plot plot(DataFrame frame);
}
