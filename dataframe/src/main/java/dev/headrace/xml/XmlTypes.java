package dev.headrace.xml;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;

/// Says which types are not read from XML, nor written.
final class XmlTypes {
    private XmlTypes() {}

    static QueryException unsupported(String owner, DataType type) {
        return new QueryException(
                "UNSUPPORTED_XML_TYPE",
                owner + ": XML has no text for values of type " + type.simpleString()
                        + ". Make them strings, with to_json for instance.");
    }
}
