using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace Aria.Pipelines.Sandbox.Workday.Schema;

/// <summary>One version of the Recruiting schema: tells what is wrong with a message.</summary>
internal sealed class RecruitingSchema
{
    /// <summary>Namespace of all elements and attributes.</summary>
    public static readonly XNamespace Wd = "urn:com.workday/bsvc";

    private static readonly ConcurrentDictionary<string, RecruitingSchema?> Versions = [];
    private readonly XmlSchemaSet _schemas;

    private RecruitingSchema(string version, XmlSchemaSet schemas) => (Version, _schemas) = (version, schemas);

    /// <summary>As the request names it: <c>v31.2</c>.</summary>
    public string Version { get; }

    /// <summary>The schema of a version; null for one that the stand-in does not have.</summary>
    public static RecruitingSchema? For(string version) => Versions.GetOrAdd(version, Load);

    /// <summary>True when the schema has a message of this name.</summary>
    public bool Knows(XName message) => _schemas.GlobalElements.Contains(new XmlQualifiedName(message.LocalName, message.NamespaceName));

    /// <summary>What a message violates, each with the path to it; empty for a valid one.</summary>
    public IReadOnlyList<SchemaViolation> Violations(XElement message)
    {
        var found = new List<SchemaViolation>();
        var copy = new XDocument(message);
        if (!Knows(message.Name))
        {
            return [new SchemaViolation($"There is no message {message.Name}.", PathOf(copy.Root!))];
        }

        copy.Validate(_schemas, (sender, e) => found.Add(new SchemaViolation(e.Message, PathOf(sender as XElement ?? (sender as XAttribute)?.Parent ?? copy.Root!))));
        return found;
    }

    /// <summary>The path of an element as faults name it.</summary>
    public static string PathOf(XElement element)
    {
        string step = $"wd:{element.Name.LocalName}";
        return element.Parent is not { } parent || parent.Name.NamespaceName != Wd.NamespaceName
            ? $"/{step}"
            : $"{PathOf(parent)}/{step}[{parent.Elements(element.Name).TakeWhile(e => e != element).Count() + 1}]";
    }

    private static RecruitingSchema? Load(string version)
    {
        Stream? file = typeof(RecruitingSchema).Assembly.GetManifestResourceStream($"Aria.Pipelines.Sandbox.Workday.Schema.Recruiting-{version}.xsd");
        if (file is null)
        {
            return null;
        }

        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CloseInput = true });
        var schemas = new XmlSchemaSet { XmlResolver = null };
        schemas.Add(Wd.NamespaceName, reader);
        schemas.Compile();
        return new RecruitingSchema(version, schemas);
    }
}

/// <summary>One violation of the schema.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Path">Where, as an XPath.</param>
internal sealed record SchemaViolation(string Message, string Path);
