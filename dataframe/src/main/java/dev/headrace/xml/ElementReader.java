package dev.headrace.xml;

import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Goes through the elements of one document after the other.
///
/// Comments and processing instructions are left out; text goes on around them. Namespaces are not looked up, since a
/// record taken out of a file lacks what declares them: a name is what stands in the text, with its prefix. Document
/// types are passed over, and what they define is not there: a document reads no file and nothing from the network.
/// Used by one thread.
final class ElementReader implements AutoCloseable {
    /// What comes next in a document.
    enum Event {
        /// An element begins.
        START,
        /// Text up to the next beginning or end of an element.
        TEXT,
        /// An element ends.
        END
    }

    private final XMLInputFactory factory = factory();
    private final boolean prefixes;
    private final StringBuilder text = new StringBuilder();
    private @Nullable XMLStreamReader in;
    /// What follows the text that was given.
    private @Nullable Event pending;

    /// @param prefixes whether names have their namespace's prefix
    ElementReader(boolean prefixes) {
        this.prefixes = prefixes;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /// Begins a document, and goes to the start of its root.
    ///
    /// @throws Malformed if there is none
    void open(String xml) {
        close();
        pending = null;
        try {
            in = factory.createXMLStreamReader(new StringReader(xml));
            while (in.getEventType() != XMLStreamConstants.START_ELEMENT) {
                in.next();
            }
        } catch (XMLStreamException | RuntimeException malformed) {
            throw malformed(malformed);
        }
    }

    /// Goes on.
    ///
    /// @throws Malformed
    Event next() {
        if (pending != null) {
            Event given = pending;
            pending = null;
            return given;
        }
        text.setLength(0);
        Event tag = tag();
        if (text.isEmpty()) {
            return tag;
        }
        pending = tag;
        return Event.TEXT;
    }

    /// Goes to the next beginning or end, and keeps the text before it.
    private Event tag() {
        XMLStreamReader reader = reader();
        try {
            while (true) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        return Event.START;
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        return Event.END;
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                        text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
                    case XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new Malformed("the entity '" + reader.getLocalName() + "' is not known");
                    case XMLStreamConstants.END_DOCUMENT -> throw new Malformed("the text ends within an element");
                    default -> {}
                }
            }
        } catch (XMLStreamException | RuntimeException malformed) {
            throw malformed(malformed);
        }
    }

    private XMLStreamReader reader() {
        if (in == null) {
            throw new IllegalStateException("no document is open");
        }
        return in;
    }

    /// The JDK's parser also fails with exceptions that are none of parsing.
    private Malformed malformed(Exception failed) {
        if (failed instanceof Malformed malformed) {
            return malformed;
        }
        String message = String.valueOf(failed.getMessage()).strip();
        int said = message.indexOf("Message: ");
        String problem = said < 0 ? message : message.substring(said + "Message: ".length());
        return failed instanceof XMLStreamException of && of.getLocation() != null
                ? new Malformed("at line " + of.getLocation().getLineNumber() + ", column "
                        + of.getLocation().getColumnNumber() + ", " + problem)
                : new Malformed(problem);
    }

    /// The text, after [Event#TEXT].
    String text() {
        return text.toString();
    }

    /// The name of the element that has begun.
    String name() {
        return shown(reader().getLocalName());
    }

    private String shown(String name) {
        return prefixes ? name : name.substring(name.lastIndexOf(':') + 1);
    }

    int attributeCount() {
        return reader().getAttributeCount();
    }

    String attributeName(int attribute) {
        return shown(reader().getAttributeName(attribute).getLocalPart());
    }

    String attributeValue(int attribute) {
        return reader().getAttributeValue(attribute);
    }

    /// Goes to the end of the element that has begun.
    void skip() {
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
    String content() {
        StringBuilder out = new StringBuilder();
        boolean markup = false;
        int depth = 1;
        while (true) {
            switch (next()) {
                case TEXT -> out.append(markup ? escaped(text()) : text());
                case START -> {
                    if (!markup) {
                        String before = escaped(out.toString());
                        out.setLength(0);
                        out.append(before);
                        markup = true;
                    }
                    depth++;
                    appendStart(out);
                }
                case END -> {
                    depth--;
                    if (depth == 0) {
                        return out.toString();
                    }
                    out.append("</").append(reader().getLocalName()).append('>');
                }
            }
        }
    }

    private void appendStart(StringBuilder out) {
        XMLStreamReader reader = reader();
        out.append('<').append(reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            out.append(' ').append(reader.getAttributeName(i).getLocalPart()).append("=\"");
            out.append(escaped(reader.getAttributeValue(i))).append('"');
        }
        out.append('>');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public void close() {
        if (in != null) {
            try {
                in.close();
            } catch (XMLStreamException _) {
                // it holds nothing but the text
            }
            in = null;
        }
    }
}
