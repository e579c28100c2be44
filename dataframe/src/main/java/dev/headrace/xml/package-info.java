/// XML elements to rows and back. A record is one element: its attributes, the elements in it and its text are fields.
/// Documents are read by the JDK's StAX, without document types and entities of their own. Entry types:
/// [XmlConnector] for files, [XmlFunctions] for columns. For sibling packages; not API.
@NullMarked
package dev.headrace.xml;

import org.jspecify.annotations.NullMarked;
