package dev.headrace.xml;

import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads documents by the JDK's parser. Document types are passed over, and what they define is not there: a document
/// reads no file and nothing from the network.
final class DocumentReader extends ElementReader implements AutoCloseable {
    private final XMLInputFactory factory = factory();
    private final StringBuilder text = new StringBuilder();
    private @Nullable XMLStreamReader in;
    /// What follows the text that was given.
    private @Nullable Event pending;

    /// @param prefixes whether names have their namespace's prefix
    DocumentReader(boolean prefixes) {
        super(prefixes);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    @Override
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

    @Override
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

    @Override
    String text() {
        return text.toString();
    }

    @Override
    String fullName() {
        return reader().getLocalName();
    }

    @Override
    int attributeCount() {
        return reader().getAttributeCount();
    }

    @Override
    String fullAttributeName(int attribute) {
        return reader().getAttributeName(attribute).getLocalPart();
    }

    @Override
    String attributeValue(int attribute) {
        return reader().getAttributeValue(attribute);
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
