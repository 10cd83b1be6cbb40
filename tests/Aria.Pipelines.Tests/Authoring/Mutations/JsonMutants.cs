using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Tests.Authoring.Mutations;

/// <summary>
/// Mistakes in <c>pipeline.json</c> and in mapping files: every member and item dropped, every key and value written wrongly, every two
/// neighbours swapped. Not made: what changes nothing (descriptions, <c>$schema</c>, the id of a step, the order of lists that are sets).
/// </summary>
internal static partial class JsonMutants
{
    private static readonly string[] WithoutMeaning = ["$schema", "description", "id"];

    // Lists whose order says nothing.
    private static readonly string[] InAnyOrder = ["key", "only", "on", "triggers"];

    /// <param name="file">Name of the file.</param>
    /// <param name="text">What it holds.</param>
    /// <param name="words">Operations and events by alias, from which a wrong one is taken.</param>
    public static IEnumerable<Mutant> Of(string file, string text, IReadOnlyList<string> words)
    {
        JsonNode root = JsonNode.Parse(text)!;
        foreach (string pointer in Places(root, ""))
        {
            foreach ((string what, Action<JsonNode> change) in Changes(root, pointer, words))
            {
                JsonNode copy = root.DeepClone();
                change(At(copy, pointer));
                string changed = copy.ToJsonString();
                if (!JsonNode.DeepEquals(copy, root))
                {
                    yield return new Mutant(file, pointer, what, changed);
                }
            }
        }
    }

    private static IEnumerable<(string What, Action<JsonNode> Change)> Changes(JsonNode root, string pointer, IReadOnlyList<string> words)
    {
        JsonNode node = At(root, pointer);
        string name = pointer[(pointer.LastIndexOf('/') + 1)..];
        yield return ("dropped", Drop);
        if (node.Parent is JsonObject)
        {
            yield return ("key written wrongly", n => Rename(n, name));
        }
        if (node.Parent is JsonArray list && node.GetElementIndex() + 1 < list.Count && !InAnyOrder.Contains(list.GetPropertyName()))
        {
            yield return ("swapped with the next", SwapWithNext);
        }
        if (node is JsonValue value)
        {
            foreach ((string what, JsonNode instead) in Values(name, value, words))
            {
                yield return ($"{what}: {instead.ToJsonString()}", n => n.ReplaceWith(instead.DeepClone()));
            }
        }
    }

    private static IEnumerable<(string What, JsonNode Value)> Values(string name, JsonValue value, IReadOnlyList<string> words)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True or JsonValueKind.False:
                yield return ("flipped", !value.GetValue<bool>());
                yield break;
            case JsonValueKind.Number:
                yield return ("other number", value.GetValue<decimal>() + 1);
                yield break;
        }
        string text = value.GetValue<string>();
        IEnumerable<(string, string)> changed =
            name is "when" or "by" or "$js" ? CodeMutants.OfScript(text)
            : text.Contains("{{", StringComparison.Ordinal) ? CodeMutants.OfTemplate(text)
            : Duration().Match(text) is { Success: true } time ? [("other unit", time.Groups["n"].Value + (time.Groups["unit"].Value == "d" ? "h" : "d"))]
            : words.Contains(text) ? [("other operation or event", Next(words, text))]
            : text is "continue" or "fail" ? [("other word", text == "fail" ? "continue" : "fail")]
            : text is "pending" or "completed" or "no_show" ? [("other word", text == "pending" ? "completed" : "pending")]
            : [("other value", text + "x")];
        foreach ((string what, string instead) in changed)
        {
            yield return (what, instead);
        }
    }

    /// <summary>The next word of the same connection.</summary>
    private static string Next(IReadOnlyList<string> words, string word)
    {
        string alias = word.Split('.')[0] + ".";
        string[] same = [.. words.Where(w => w.StartsWith(alias, StringComparison.Ordinal))];
        return same[(Array.IndexOf(same, word) + 1) % same.Length];
    }

    private static void Drop(JsonNode node)
    {
        if (node.Parent is JsonObject members)
        {
            members.Remove(node.GetPropertyName());
        }
        else
        {
            node.Parent!.AsArray().Remove(node);
        }
    }

    private static void Rename(JsonNode node, string name)
    {
        JsonObject members = node.Parent!.AsObject();
        int index = members.IndexOf(name);
        members.RemoveAt(index);
        members.Insert(index, name.Length > 1 ? name[..^1] : name + "x", node);
    }

    private static void SwapWithNext(JsonNode node)
    {
        JsonArray list = node.Parent!.AsArray();
        int index = node.GetElementIndex();
        JsonNode next = list[index + 1]!;
        list.RemoveAt(index + 1);
        list.Insert(index, next);
    }

    private static IEnumerable<string> Places(JsonNode? node, string pointer) => node switch
    {
        JsonObject members => members.Where(m => m.Value is not null && !WithoutMeaning.Contains(m.Key)).SelectMany(m => Places(m.Value, $"{pointer}/{m.Key}").Prepend($"{pointer}/{m.Key}")),
        JsonArray items => items.SelectMany((item, i) => Places(item, $"{pointer}/{i}").Prepend($"{pointer}/{i}")),
        _ => [],
    };

    private static JsonNode At(JsonNode root, string pointer) =>
        pointer[1..].Split('/').Aggregate(root, (n, name) => n is JsonArray list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : n[name]!);

    [GeneratedRegex("^(?<n>[0-9]+)(?<unit>ms|s|m|h|d)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();
}
