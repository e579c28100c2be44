package dev.headrace.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the reader of plain documents reads, the JDK's parser reads in the same way.
class PlainReaderTest {
    private static final String[] PIECES = {
        "<a>",
        "</a>",
        "<b x='1'>",
        "</b>",
        "<c/>",
        "<p:d p:y=\"&lt;2\t\r\n3&#10;\" z=''/>",
        "text",
        " ",
        "\r\n",
        "\r",
        "\t",
        "\n",
        "&amp;",
        "&lt;",
        "&gt;",
        "&quot;",
        "&apos;",
        "&#65;",
        "&#x1F600;",
        "&#xD800;",
        "&#0;",
        "&#x;",
        "&nbsp;",
        "&",
        "<!-- c - d\r -->",
        "<!-- -- -->",
        "<!---->",
        "<!--->",
        "<![CDATA[<x>&amp;]] >\r\n]]>",
        "<![CDATA[]]>",
        "<![CDATA[",
        "<!DOCTYPE a>",
        "<?pi x?>",
        "]]>",
        "]",
        ">",
        "<",
        "\"",
        "'",
        "=",
        "/",
        "é",
        "\uD83D\uDE00",
        "\uFFFE",
        "\u0001",
        "\u007f",
        "<a b = 'c' >",
        "<a b='c'd='e'>",
        "<a b='1' b='2'>",
        "<é>",
        "</é>",
        "<a\u00e9/>",
        "<1/>",
        "<a:b:c/>",
        "<:a/>",
        "<a b>",
        "<a b=c>",
        "<a b='<'>",
        "<xml/>",
        "<a xmlns='u' xmlns:p='v' xml:space='preserve'>",
        "< a/>",
        "</a >",
        "</ a>"
    };

    private static String events(ElementReader in, String xml) {
        StringBuilder out = new StringBuilder();
        try {
            in.open(xml);
            int depth = 1;
            out.append(start(in));
            while (depth > 0) {
                switch (in.next()) {
                    case START -> {
                        depth++;
                        out.append(start(in));
                    }
                    case TEXT -> out.append("text ").append(in.text()).append('\n');
                    case END -> {
                        depth--;
                        out.append("end ").append(in.fullName()).append('\n');
                    }
                }
            }
        } catch (Malformed malformed) {
            return "malformed";
        } catch (PlainReader.Unusual unusual) {
            return "unusual";
        }
        return out.toString();
    }

    private static String start(ElementReader in) {
        StringBuilder out = new StringBuilder("start " + in.fullName());
        for (int i = 0; i < in.attributeCount(); i++) {
            out.append(' ')
                    .append(in.fullAttributeName(i))
                    .append("='")
                    .append(in.attributeValue(i))
                    .append('\'');
        }
        return out.append('\n').toString();
    }

    private static String byTheJdk(String xml) {
        try (DocumentReader any = new DocumentReader(true)) {
            return events(any, xml);
        }
    }

    @Test
    void documentsOfRandomPiecesAreReadAlike() {
        Random random = new Random(5);
        PlainReader plain = new PlainReader(true);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder xml = new StringBuilder("<a>");
            for (int piece = random.nextInt(7); piece > 0; piece--) {
                xml.append(PIECES[random.nextInt(PIECES.length)]);
            }
            xml.append("</a>");
            String found = events(plain, xml.toString());
            if (!found.equals("unusual")) {
                assertEquals(byTheJdk(xml.toString()), found, xml::toString);
                read++;
            }
        }
        assertTrue(read > 1_000, read + " were plain");
    }

    @Test
    void damagedDocumentsAreReadAlikeOrLeft() {
        String good =
                "\n <row id=\"7\" n='a &amp; b'><p:x/>one <!-- c -->two<![CDATA[<3>]]>&#x41;\r\n<y k = 'v'>4</y ></row>";
        Random random = new Random(6);
        PlainReader plain = new PlainReader(true);
        assertEquals(byTheJdk(good), events(plain, good));
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder bad = new StringBuilder(good);
            int place = random.nextInt(bad.length());
            switch (random.nextInt(3)) {
                case 0 -> bad.deleteCharAt(place);
                case 1 -> bad.setCharAt(place, good.charAt(random.nextInt(good.length())));
                default -> bad.setLength(place);
            }
            String found = events(plain, bad.toString());
            if (!found.equals("unusual")) {
                assertEquals(byTheJdk(bad.toString()), found, bad::toString);
                read++;
            }
        }
        assertTrue(read > 1_000, read + " were plain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<r/>",
                "<r a='1'>x</r> what stands behind it",
                "<r>a<!-- b -->c<![CDATA[d]]>e</r>",
                "<r>\uD83D\uDE00&#128512;é</r>",
                "<r><a.b-c_d:e9/></r>"
            })
    void usualDocumentsArePlain(String xml) {
        assertEquals(byTheJdk(xml), events(new PlainReader(true), xml));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "<?xml version='1.0'?><r/>",
                "<!DOCTYPE r><r/>",
                "<r>",
                "<r",
                "<",
                "<r></s>",
                "<r>&x;</r>"
            })
    void othersAreNot(String xml) {
        assertEquals("unusual", events(new PlainReader(true), xml));
    }
}
