using System.Text.Json.Nodes;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What may stand where a secret is due: a reference, one with its end, or a list of these while one is being replaced.</summary>
internal static class SecretShapes
{
    /// <summary>Name under <c>$defs</c> of one of a list.</summary>
    private const string OneName = "secret";

    private const string EndingName = "endingSecret";

    private const string Pattern = "^\\$\\{secret:[a-z0-9][a-z0-9-]{0,63}\\}$";

    public static readonly Shape Ending = new(EndingName, "A secret that is used only up to an instant, such as one that is being replaced.",
    [
        Required("secret", Reference(new JsonObject { ["description"] = "The secret, as \"${secret:name}\".", ["type"] = "string" })),
        Required("notAfter", Instant().Example("2026-12-31T00:00:00Z")),
    ]);

    /// <summary>What a schema with secrets has under <c>$defs</c>.</summary>
    public static IEnumerable<KeyValuePair<string, JsonObject>> Parts =>
    [
        KeyValuePair.Create(OneName, WithEnd(Reference(new JsonObject { ["type"] = new JsonArray("string", "object") }))),
        KeyValuePair.Create(Ending.Name, Ending.ToSchema()),
    ];

    /// <summary>A value that names secrets.</summary>
    public static JsonObject Names()
    {
        JsonObject names = WithEnd(Reference(new JsonObject { ["type"] = new JsonArray("string", "array", "object") }));
        names["items"] = Kind.Ref(OneName);
        names["minItems"] = 1;
        names["defaultSnippets"] = new JsonArray(new JsonObject { ["label"] = "a reference to a secret", ["body"] = "^\"\\${secret:$1}\"" });
        return names;
    }

    private static JsonObject Instant() => new()
    {
        ["description"] = "The last instant at which it is used: an RFC 3339 time with its offset.",
        ["type"] = "string",
        ["format"] = "date-time",
    };

    private static JsonObject Reference(JsonObject kind)
    {
        kind["pattern"] = Pattern;
        kind["patternErrorMessage"] = "A secret is never written into a file: write \"${secret:name}\" and provide the secret of that name to the host.";
        return kind;
    }

    private static JsonObject WithEnd(JsonObject kind)
    {
        kind["if"] = new JsonObject { ["type"] = "object" };
        kind["then"] = Kind.Ref(EndingName);
        return kind;
    }
}
