using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>The recruiting profile of <c>schemas/recruiting</c>, which every ATS connector is held to. Running pipelines know nothing of it.</summary>
internal static class RecruitingProfile
{
    private const string Get = "application.get";
    private const string Write = "interview.write";
    private const string Move = "stage.move";
    private const string Note = "note.add";

    private static readonly JsonObject Application = Read("application-event");

    private static readonly Dictionary<string, ISchema> Schemas = new()
    {
        ["application"] = SchemaCompiler.Compile(ConnectorJson.ToElement(Application)),
        ["candidate"] = Part("candidate"),
        ["job"] = Part("job"),
    };

    /// <summary>The operations that every ATS connector offers, or says it cannot.</summary>
    public static IReadOnlyList<string> Operations { get; } = [Get, Write, Move, Note];

    /// <summary>Those whose output pipelines do not read.</summary>
    public static IReadOnlyList<string> Writes { get; } = [Write, Move, Note];

    /// <summary>The results of an interview.</summary>
    private static readonly JsonObject Results = new()
    {
        ["status"] = "completed", ["score"] = 8.5, ["recommendation"] = "advance", ["transcript_url"] = "https://example.com/t/1", ["recording_url"] = "https://example.com/r/1",
    };

    private static readonly KeyValuePair<string, JsonNode?>[] OtherResults =
    [
        new("status", "pending"), new("status", "no_show"), new("recommendation", "maybe"), new("recommendation", "pass"), new("score", 0), new("score", 10),
    ];

    /// <summary>True when the profile says how events of this type look.</summary>
    public static bool Knows(string eventType) => Noun(eventType) is not null;

    /// <summary>True for a connector of an ATS: it speaks of applications.</summary>
    public static bool IsFor(Connector connector) =>
        connector.Events.Keys.Any(e => Noun(e) == "application") || connector.Operations.Keys.Any(o => o is Get or Write);

    /// <summary>What of a canonical event is not as the profile has it; empty for events that it does not know.</summary>
    public static IReadOnlyList<SchemaFinding> Misfits(string eventType, JsonElement canonical)
    {
        if (Noun(eventType) is not { } noun)
        {
            return [];
        }
        // The engine adds these to every event.
        var members = new JsonObject(canonical.EnumerateObject().Where(m => m.Name is not ("type" or "id" or "raw")).Select(m => KeyValuePair.Create(m.Name, ConnectorJson.ToNode(m.Value))));
        return Schemas[noun].Validate(ConnectorJson.ToElement(members));
    }

    /// <summary>The inputs that an operation of the profile has to take.</summary>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="application">Id of an application, in the system's form.</param>
    /// <param name="stage">Id of a stage, in the system's form.</param>
    public static IReadOnlyList<JsonObject> Inputs(string operation, string application, string stage)
    {
        JsonObject With(params ReadOnlySpan<KeyValuePair<string, JsonNode?>> members)
        {
            var input = new JsonObject { ["application_id"] = application };
            foreach ((string name, JsonNode? value) in members)
            {
                input[name] = value?.DeepClone();
            }
            return input;
        }
        return operation switch
        {
            Get => [With()],
            Move => [With(new KeyValuePair<string, JsonNode?>("stage_id", stage))],
            Note => [With(new KeyValuePair<string, JsonNode?>("text", "ARIA interview: needs attention"))],
            _ =>
            [
                With([.. Results]),
                .. Results.Select(r => With(r)),
                .. OtherResults.Select(r => With(r)),
            ],
        };
    }

    private static string? Noun(string eventType) => eventType.Split('.')[0] is "application" or "candidate" or "job" ? eventType.Split('.')[0] : null;

    private static ISchema Part(string noun) => SchemaCompiler.Compile(ConnectorJson.ToElement(new JsonObject
    {
        ["type"] = "object",
        ["required"] = new JsonArray(noun),
        ["properties"] = new JsonObject { [noun] = new JsonObject { ["$ref"] = $"#/$defs/{noun}" } },
        ["$defs"] = Application["$defs"]!.DeepClone(),
    }));

    private static JsonObject Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Aria.Pipelines.Recruiting.{name}.schema.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
