package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// XPath over XML texts. Document types and entities are refused: a text can't make the reader open files.
public final class XmlFunctions {
    private static final ThreadLocal<DocumentBuilder> READERS = ThreadLocal.withInitial(XmlFunctions::reader);
    private static final ThreadLocal<XPath> PATHS =
            ThreadLocal.withInitial(() -> XPathFactory.newDefaultInstance().newXPath());

    private XmlFunctions() {}

    private static DocumentBuilder reader() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder reader = factory.newDocumentBuilder();
            reader.setErrorHandler(null);
            return reader;
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException("the JDK's XML reader can't be made safe", impossible);
        }
    }

    private static @Nullable Object find(Slice xml, Slice path, QName kind) {
        if (xml.isEmpty() || path.isEmpty()) {
            return null;
        }
        try {
            Document document = READERS.get().parse(new InputSource(new StringReader(xml.toString())));
            return PATHS.get().evaluate(path.toString(), document, kind);
        } catch (SAXException | IOException wrong) {
            throw new DataException("INVALID_XML", "xpath: the text is not XML: " + wrong.getMessage() + ".", wrong);
        } catch (XPathExpressionException wrong) {
            throw new DataException(
                    "INVALID_XPATH", "'" + path + "' is not an XPath: " + wrong.getMessage() + ".", wrong);
        }
    }

    /// The texts of the nodes; null for those that have none of their own.
    public static @Nullable List<@Nullable Object> list(Slice xml, Slice path) {
        if (!(find(xml, path, XPathConstants.NODESET) instanceof NodeList nodes)) {
            return null;
        }
        List<@Nullable Object> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            String text = nodes.item(i).getNodeValue();
            texts.add(text == null ? null : Slice.utf8(text));
        }
        return texts;
    }

    public static @Nullable Boolean bool(Slice xml, Slice path) {
        return find(xml, path, XPathConstants.BOOLEAN) instanceof Boolean found ? found : null;
    }

    public static @Nullable Slice text(Slice xml, Slice path) {
        return find(xml, path, XPathConstants.STRING) instanceof String text ? Slice.utf8(text) : null;
    }

    public static @Nullable Double number(Slice xml, Slice path) {
        return find(xml, path, XPathConstants.NUMBER) instanceof Double found ? found : null;
    }

    public static @Nullable Float single(Slice xml, Slice path) {
        Double found = number(xml, path);
        return found == null ? null : (Float) found.floatValue();
    }

    public static @Nullable Long whole(Slice xml, Slice path) {
        Double found = number(xml, path);
        return found == null ? null : (Long) found.longValue();
    }

    public static @Nullable Integer integer(Slice xml, Slice path) {
        Double found = number(xml, path);
        return found == null ? null : (Integer) found.intValue();
    }

    public static @Nullable Short small(Slice xml, Slice path) {
        Double found = number(xml, path);
        return found == null ? null : (Short) found.shortValue();
    }
}
