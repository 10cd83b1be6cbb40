using System.Xml.Linq;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary>Typed references: written with a WID and the business id, resolved by either.</summary>
internal static class Refs
{
    /// <summary>A reference in an answer.</summary>
    public static XElement Write(string element, string wid, string type, string id, string? descriptor) => new(
        Wd + element,
        descriptor is null ? null : new XAttribute(Wd + "Descriptor", descriptor),
        Id("WID", wid),
        Id(type, id));

    /// <summary>A reference that only has a WID.</summary>
    public static XElement Write(string element, string wid, string? descriptor) =>
        new(Wd + element, descriptor is null ? null : new XAttribute(Wd + "Descriptor", descriptor), Id("WID", wid));

    /// <summary>Finds what a reference names.</summary>
    /// <exception cref="SoapFaultException">It names nothing; the words are ours.</exception>
    public static T Resolve<T>(XElement reference, IEnumerable<T> all, string type, Func<T, string> id, Func<T, string> wid)
        where T : class
    {
        XElement given = reference.Element(Wd + "ID")
            ?? throw SoapFaultException.Validation("A reference needs an ID.", reference);
        string kind = (string)given.Attribute(Wd + "type")!;
        T? found = kind == "WID" ? all.FirstOrDefault(a => wid(a) == given.Value) : kind == type ? all.FirstOrDefault(a => id(a) == given.Value) : null;
        return found ?? throw SoapFaultException.Validation($"Invalid ID value. '{given.Value}' is not a valid ID value for type = '{kind}'.", given);
    }

    private static XElement Id(string type, string id) => new(Wd + "ID", new XAttribute(Wd + "type", type), id);
}
