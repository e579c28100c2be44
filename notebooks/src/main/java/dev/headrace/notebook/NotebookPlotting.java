package dev.headrace.notebook;

import dev.headrace.DataFrame;
import dev.headrace.plotting.Plot;
import dev.headrace.plotting.Plotting;

/// Charts for [DataFrame#plot].
public final class NotebookPlotting implements Plotting {
    @Override
    public Plot plot(DataFrame frame) {
        return new FramePlot(frame);
    }
}
