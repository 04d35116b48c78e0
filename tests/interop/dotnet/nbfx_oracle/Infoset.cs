// A document as one line, in a form both sides of a comparison can produce: see "Canonical infoset"
// in ../../README.md.
using System;
using System.Collections.Generic;
using System.Text;
using System.Xml;

namespace NbfxOracle
{
static class Infoset
{
    const string XmlnsNamespace = "http://www.w3.org/2000/xmlns/";

    /// Reads to the end of the octets, every value included.
    public static string Of(XmlReader reader)
    {
        var tokens = new List<string>();
        var text = new StringBuilder();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
            case XmlNodeType.Text:
            case XmlNodeType.CDATA:
            case XmlNodeType.Whitespace:
            case XmlNodeType.SignificantWhitespace:
                // Text beside the root element can only be white space, and means nothing.
                var value = reader.Value;
                if (reader.Depth > 0) text.Append(value);
                break;
            case XmlNodeType.Comment:
                EndText(text, tokens);
                tokens.Add("C:" + Escaped.Write(reader.Value));
                break;
            case XmlNodeType.Element:
                EndText(text, tokens);
                Element(reader, tokens);
                break;
            case XmlNodeType.EndElement:
                EndText(text, tokens);
                tokens.Add("X");
                break;
            case XmlNodeType.XmlDeclaration: break;
            default: throw new NotSupportedException("node " + reader.NodeType);
            }
        }
        return string.Join(" ", tokens);
    }

    static void EndText(StringBuilder text, List<string> tokens)
    {
        if (text.Length > 0) tokens.Add("T:" + Escaped.Write(text.ToString()));
        text.Clear();
    }

    static void Element(XmlReader reader, List<string> tokens)
    {
        var empty = reader.IsEmptyElement;
        tokens.Add("E:" + Name(reader));
        var declarations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var attributes = new List<string>();
        if (reader.MoveToFirstAttribute())
        {
            do {
                if (reader.NamespaceURI == XmlnsNamespace)
                    declarations.Add(reader.Prefix.Length == 0 ? "" : reader.LocalName,
                                     reader.Value);
                else attributes.Add("A:" + Name(reader) + "=" + Escaped.Write(reader.Value));
            } while (reader.MoveToNextAttribute());
            reader.MoveToElement();
        }
        foreach (var declaration in declarations)
            tokens.Add("N:" + Escaped.Write(declaration.Key) + "={" +
                       Escaped.Write(declaration.Value) + "}");
        tokens.AddRange(attributes);
        if (empty) tokens.Add("X");
    }

    static string Name(XmlReader reader) => Escaped.Write(reader.Prefix) +
                                            ":" + Escaped.Write(reader.LocalName) +
                                            "{" + Escaped.Write(reader.NamespaceURI) + "}";
}
}
