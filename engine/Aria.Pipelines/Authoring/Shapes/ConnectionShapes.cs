using System.Text.Json.Nodes;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What files of connections and environments may hold.</summary>
internal static class ConnectionShapes
{
    private static readonly Member AllowFrom = Optional("allowFrom", Kind.Texts("Addresses and networks that deliveries may come from, for example 203.0.113.0/24; any when absent. Others are answered 403."));

    public static readonly Shape Connection = new("connection", "One configured account of a connector. The file's name is the connection's id.",
    [
        Required("connector", Kind.Text("Name of an installed connector.").Example("greenhouse")),
        Optional("description", Kind.Text("What this account is.")),
        Optional("settings", Kind.Object("Settings of the connector. Secrets are references: \"${secret:name}\".")),
        Optional("limits", Kind.Of("limit", "Request budget of this account, in place of all windows of the connector.")),
        Optional("trust", Trust("Authorities that may have issued the certificates of the account's system, in place of those that the machine trusts: for one with a private authority.")),
        Optional("scopes", Kind.Texts("Permissions that the account has; lint compares them with what the operations need.")),
        AllowFrom,
    ]);

    public static readonly Shape Environment = new("environment", "An overlay over connections, chosen with --environment.",
    [
        Optional("description", Kind.Text("What this environment is.")),
        Optional("allowLoopback", Kind.Flag("Allows targets on this machine.").Default(false)),
        Optional("allowPlainHttp", Kind.Flag("Allows http:// targets.").Default(false)),
        Optional("connections", Kind.Map("Connections by id, and what is different here.", Kind.Ref("overlay"))),
    ]);

    public static readonly Shape Overlay = new("overlay", "What is different about a connection in this environment.",
    [
        Optional("settings", Kind.Object("Settings that replace those of the connection.")),
        Optional("limits", Kind.Of("limit", "Request budget here.")),
        Optional("trust", Trust("The authorities here.")),
        AllowFrom,
    ]);

    public static readonly Shape Limit = new("limit", "Requests in every rolling window: 'perHour', or 'requests' with 'per'.",
    [
        Optional("perHour", Kind.Count("Requests in an hour.").Example(1000)),
        Optional("requests", Kind.Count("Requests in the window 'per'.").Example(50)),
        Optional("per", Kind.Duration("Length of the window.").Example("30s")),
        Optional("also", Kind.List("Further windows that hold at the same time.", Kind.Ref("window"))),
        Optional("breaker", Kind.Of("breaker", "When the account is left alone because its system does not answer; 5 failures and 30s when absent.")),
    ]);

    public static readonly Shape Breaker = new("breaker", "A circuit breaker: nothing is tried, and nothing counts as tried, until one request has been answered.",
    [
        Required("failures", Kind.Count("Requests in a row that were not answered, or answered with 5xx.").Example(5)),
        Required("openFor", Kind.Duration("Time before one request probes; doubles up to 10m while probes fail.").Example("30s")),
    ]);

    private static JsonObject Trust(string description)
    {
        JsonObject names = SecretShapes.Names().Example("${secret:acme-authority}");
        names["description"] = $"{description} The secret holds their certificates as PEM text.";
        return names;
    }

    /// <summary>A limit is written in one of two ways.</summary>
    public static JsonObject LimitSchema()
    {
        JsonObject schema = Limit.ToSchema();
        schema["anyOf"] = new JsonArray(
            new JsonObject { ["required"] = new JsonArray("perHour") },
            new JsonObject { ["required"] = new JsonArray("requests", "per") },
            new JsonObject { ["required"] = new JsonArray("breaker"), ["maxProperties"] = 1 });
        return schema;
    }
}
