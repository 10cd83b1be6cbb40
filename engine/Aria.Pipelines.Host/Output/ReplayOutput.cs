using System.Text.Json.Nodes;

namespace Aria.Pipelines.Host.Output;

/// <summary>Replays as people read them.</summary>
internal static class ReplayOutput
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["send"] = "would be sent",
        ["send_again"] = "would be SENT AGAIN",
        ["read"] = "would be read",
        ["confirmed"] = "already confirmed",
        ["look_up"] = "unknown, would be looked up first",
        ["repeat"] = "unknown, the same bytes would be sent again",
        ["needs_review"] = "unknown, needs a review",
        ["skip"] = "skipped by its condition",
        ["would_fail"] = "would fail, and nothing behind it would be done",
        ["awaits_event"] = "depends on completing the event",
    };

    public static IEnumerable<string> Done(JsonNode answer)
    {
        JsonNode[] runs = [.. Items(answer, "runs")];
        JsonNode[] events = [.. Items(answer, "events")];
        if (runs.Length + events.Length == 0)
        {
            yield return "Nothing fits: nothing was replayed.";
        }
        foreach (JsonNode run in runs)
        {
            yield return Text(run, "refusal") is { } refusal ? refusal : $"Run {Text(run, "former")} is replayed as {Text(run, "run")}.";
        }
        foreach (JsonNode e in events)
        {
            yield return Text(e, "refusal") is { } refusal
                ? $"Event {Text(e, "event")} stays as it is: {refusal}."
                : $"Event {Text(e, "event")} was accepted as {Join(e, "into")}; {(Items(e, "runs").Any() ? $"runs: {Join(e, "runs")}" : "it starts no run")}.";
        }
    }

    public static IEnumerable<string> Preview(JsonNode answer)
    {
        if (IsEmpty(answer))
        {
            yield return "Nothing fits: nothing would be replayed.";
        }
        foreach (JsonNode run in Items(answer, "runs"))
        {
            yield return $"Event {Text(run, "event")}, pipeline '{Text(run, "pipeline")}' (run {Text(run, "run")})";
            if (Text(run, "refusal") is { } refusal)
            {
                yield return $"  would not be replayed: {refusal}";
                continue;
            }
            foreach (JsonNode effect in Items(run, "effects"))
            {
                yield return Line(effect);
            }
        }
        if ((int?)answer["more"] is > 0 and var more)
        {
            yield return $"… and {more} runs more.";
        }
        foreach (JsonNode e in Items(answer, "events"))
        {
            yield return $"Event {Text(e, "event")} is {Text(e, "state")}{(Text(e, "code") is { } code ? $" ({code})" : "")} and would be offered again.";
        }
    }

    /// <summary>True when nothing fits what was asked for.</summary>
    public static bool IsEmpty(JsonNode answer) => !Items(answer, "runs").Concat(Items(answer, "events")).Any();

    /// <summary>True when something that was asked for was not done.</summary>
    public static bool HasRefusals(JsonNode answer) => Items(answer, "runs").Concat(Items(answer, "events")).Any(item => Text(item, "refusal") is not null);

    private static string Line(JsonNode effect)
    {
        string[] parts = [.. new[] { Text(effect, "request"), Text(effect, "detail"), Text(effect, "reference") is { } reference ? $"reference {reference}" : null }.OfType<string>()];
        string action = Text(effect, "operation") is { Length: > 0 } operation ? $"{Text(effect, "connection")}.{operation} " : "";
        string what = $"  {Text(effect, "path")}: {action}{Words[Text(effect, "verdict")!]}";
        return parts.Length == 0 ? what : $"{what} ({string.Join("; ", parts)})";
    }

    private static IEnumerable<JsonNode> Items(JsonNode node, string name) => (node[name] as JsonArray ?? []).OfType<JsonNode>();

    private static string? Text(JsonNode node, string name) => (string?)node[name];

    private static string Join(JsonNode node, string name) => string.Join(", ", Items(node, name).Select(i => i.GetValue<string>()));
}
