using System.Reflection;
using System.Text.Json;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>The canonical shapes of the recruiting profile, from <c>schemas/recruiting</c>: what makes pipelines work for any ATS.</summary>
internal static class RecruitingShapes
{
    /// <summary>Events about an application; the output of <c>application.get</c> is the same.</summary>
    public static readonly ISchema ApplicationEvent = Read("application-event");

    /// <summary>Events that every ATS has, or says that it does not.</summary>
    public static readonly IReadOnlyList<string> Events = ["application.created", "application.stage_changed"];

    /// <summary>Operations that every ATS has, or says that it does not.</summary>
    public static readonly IReadOnlyList<string> Operations = ["application.get", "interview.write", "stage.move", "note.add"];

    /// <summary>An input of <c>interview.write</c> with everything in it.</summary>
    public static readonly IReadOnlyDictionary<string, JsonElement> Result = JsonElement.Parse("""
        { "status": "completed", "score": 8.5, "recommendation": "advance", "transcript_url": "https://files.example.com/t/1", "recording_url": "https://files.example.com/r/1" }
        """).EnumerateObject().ToDictionary(m => m.Name, m => m.Value);

    private static ISchema Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"recruiting/{name}.schema.json")!;
        using JsonDocument schema = JsonDocument.Parse(stream);
        return SchemaCompiler.Compile(schema.RootElement.Clone());
    }
}
