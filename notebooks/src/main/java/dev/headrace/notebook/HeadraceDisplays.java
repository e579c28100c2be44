package dev.headrace.notebook;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.function.Function;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;
import org.rapaio.jupyter.kernel.display.DisplayTransformer;
import org.rapaio.jupyter.kernel.display.spi.DisplayProvider;

/// How Headrace's objects look as the value of a cell. The kernel finds it as a service.
public final class HeadraceDisplays implements DisplayProvider {
    @Override
    public List<DisplayRenderer> getDisplayRenderers() {
        return List.of(
                new Renderer<>(DataFrame.class, HeadraceDisplays::dataFrame),
                new Renderer<>(StructType.class, SchemaView::of),
                new Renderer<>(
                        StreamingQuery.class, query -> QueryCard.of(query).display()),
                new Renderer<>(FrameChart.class, FrameChart::display),
                new Renderer<>(LiveTable.class, _ -> nothing()),
                new Renderer<>(Row.class, HeadraceDisplays::text),
                new Renderer<>(CharSequence.class, HeadraceDisplays::text),
                new Renderer<>(Number.class, HeadraceDisplays::text),
                new Renderer<>(Boolean.class, HeadraceDisplays::text));
    }

    @Override
    public List<DisplayTransformer> getDisplayTransformers() {
        return List.of();
    }

    private static DisplayData text(Object value) {
        return DisplayData.fromText(value.toString());
    }

    /// A stream is not run by being looked at: that is what `display` is for.
    static DisplayData dataFrame(DataFrame frame) {
        if (!frame.isStreaming()) {
            return TablePreview.of(frame, TablePreview.ROWS).display();
        }
        DisplayData schema = SchemaView.of(frame.schema());
        schema.putHTML("<p>A stream; <code>display(…)</code> shows its rows as they come.</p>"
                + schema.data().get("text/html"));
        schema.putText("A stream; display(…) shows its rows as they come.\n"
                + schema.data().get("text/plain"));
        return schema;
    }

    /// What is shown of an object that is shown already.
    private static DisplayData nothing() {
        DisplayData data = DisplayData.fromText("");
        data.data().clear();
        return data;
    }

    private record Renderer<T>(Class<T> type, Function<T, DisplayData> render) implements DisplayRenderer {
        @Override
        public Class<?> rendererClass() {
            return type;
        }

        @Override
        public boolean canRender(String mime) {
            return true;
        }

        @Override
        public DisplayData render(String mime, Object value) {
            return render.apply(type.cast(value));
        }
    }
}
