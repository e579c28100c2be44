package dev.headrace.xml;

/// Goes through the elements of one document after the other.
///
/// Comments and processing instructions are left out; text goes on around them. Namespaces are not looked up, since a
/// record taken out of a file lacks what declares them: a name is what stands in the text, with its prefix. What stands
/// behind the root is not looked at. Used by one thread.
abstract class ElementReader {
    /// What comes next in a document.
    enum Event {
        /// An element begins.
        START,
        /// Text up to the next beginning or end of an element.
        TEXT,
        /// An element ends.
        END
    }

    private final boolean prefixes;

    /// @param prefixes whether names have their namespace's prefix
    ElementReader(boolean prefixes) {
        this.prefixes = prefixes;
    }

    /// Begins a document, and goes to the start of its root.
    ///
    /// @throws Malformed if there is none
    abstract void open(String xml);

    /// Goes on.
    ///
    /// @throws Malformed
    abstract Event next();

    /// The text, after [Event#TEXT].
    abstract String text();

    /// The name of the element that has begun or ended, with its prefix.
    abstract String fullName();

    abstract int attributeCount();

    /// With its prefix.
    abstract String fullAttributeName(int attribute);

    abstract String attributeValue(int attribute);

    /// The name of the element that has begun.
    final String name() {
        return shown(fullName());
    }

    final String attributeName(int attribute) {
        return shown(fullAttributeName(attribute));
    }

    private String shown(String name) {
        return prefixes ? name : name.substring(name.lastIndexOf(':') + 1);
    }

    /// Goes to the end of the element that has begun.
    final void skip() {
        int depth = 1;
        while (depth > 0) {
            switch (next()) {
                case START -> depth++;
                case END -> depth--;
                case TEXT -> {}
            }
        }
    }

    /// What is in the element that has begun, up to its end: its text, or if there are elements in it, all of it as
    /// XML.
    final String content() {
        Event event = next();
        String only = "";
        if (event == Event.TEXT) {
            only = text();
            event = next();
        }
        return event == Event.END ? only : markup(escaped(only));
    }

    /// What is in an element, up to its end, as XML.
    ///
    /// @param before what is in it before the element that has begun
    private String markup(String before) {
        StringBuilder out = new StringBuilder(before);
        appendStart(out);
        int depth = 2;
        while (true) {
            switch (next()) {
                case TEXT -> out.append(escaped(text()));
                case START -> {
                    depth++;
                    appendStart(out);
                }
                case END -> {
                    depth--;
                    if (depth == 0) {
                        return out.toString();
                    }
                    out.append("</").append(fullName()).append('>');
                }
            }
        }
    }

    private void appendStart(StringBuilder out) {
        out.append('<').append(fullName());
        for (int i = 0; i < attributeCount(); i++) {
            out.append(' ').append(fullAttributeName(i)).append("=\"");
            out.append(escaped(attributeValue(i))).append('"');
        }
        out.append('>');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
