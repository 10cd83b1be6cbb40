using System.CommandLine;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria connector</c>: the connectors of a plugins folder.</summary>
internal static class ConnectorVerb
{
    public static Command Create() => new("connector", "The connectors of a plugins folder")
    {
        ConnectorListVerb.Create(),
        ConnectorLockVerb.Create(),
        ConnectorVerifyVerb.Create(),
    };
}
