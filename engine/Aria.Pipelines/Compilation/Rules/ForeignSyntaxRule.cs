using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>
/// Values are filled in by <c>{{ }}</c> and <c>{"$js": …}</c> and by nothing else: what reads like the syntax of another tool, or like an
/// expression without its braces, would be sent as it stands.
/// </summary>
internal sealed partial class ForeignSyntaxRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        var look = new Look(pipeline, bag);
        look.Steps(pipeline.Document.Cursor.Optional("steps"));
        look.Steps(pipeline.Document.Cursor.Optional("onFailure"));
        foreach (string name in pipeline.Bundle.Names.Where(n => n != DefinitionBundle.PipelineFile))
        {
            look.File(pipeline.Bundle.PathOf(name), pipeline.Bundle.Read(name)!);
        }
    }

    // Roots in braces of other tools: ${event.…}, ${{ event.… }}, {event.…}, {% if event.… %}; ={{ … }} at the beginning.
    [GeneratedRegex(@"(?<braces>\$\{\{)|(?<dollar>\$\{\s*(?:event|steps|lookups)\b)|(?<block>\{%)|(?<equals>\A=\{\{)|(?<!\{)(?<single>\{\s*(?:event|steps|lookups)(?:\.|\[)[^{}]*\})(?!\})", RegexOptions.None, 10_000)]
    private static partial Regex Foreign();

    [GeneratedRegex(@"\A(?:\$\.?)?(?<root>event|steps|lookups)\??\.(?<first>[A-Za-z_]\w*)(?:\??\.[A-Za-z_]\w*|\[[^\]]+\])*\z", RegexOptions.None, 10_000)]
    private static partial Regex Path();

    [GeneratedRegex(@"\{\{-?\s*(?:event|steps|lookups|now)\b", RegexOptions.None, 10_000)]
    private static partial Regex Template();

    [GeneratedRegex(@"\b(?:event|steps|lookups)\b", RegexOptions.None, 10_000)]
    private static partial Regex Root();

    private sealed class Look(PipelineFacts pipeline, DiagnosticBag bag)
    {
        public void Steps(JsonCursor? steps)
        {
            foreach (JsonCursor step in steps is { Kind: JsonValueKind.Array } list ? list.Items().Where(s => s.Kind == JsonValueKind.Object) : [])
            {
                Value(step.Optional("with"));
                Value(step.Optional("map"));
                Value(step.Optional("await") is { Kind: JsonValueKind.Object } wait ? wait.Optional("match") : null);
                Value(step.Optional("once") is { Kind: JsonValueKind.Object } once ? once.Optional("key") : null);
                Steps(step.Optional("onFailure"));
            }
        }

        public void File(string path, byte[] bytes)
        {
            if (path.EndsWith(".json", StringComparison.Ordinal))
            {
                // Syntax errors are reported where the file is compiled.
                Value(SourceDocument.Parse(path, bytes, new DiagnosticBag())?.Cursor);
                return;
            }
            string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                Match found = path.EndsWith(".js", StringComparison.Ordinal) ? Template().Match(lines[i]) : Foreign().Match(lines[i]);
                if (found.Success)
                {
                    Report(new SourcePosition(path, i + 1, found.Index + 1), found.Value, path.EndsWith(".js", StringComparison.Ordinal) ? InScript : Braces);
                }
            }
        }

        private const string Braces = "Write {{ expression }}.";
        private const string InScript = "In JavaScript, name the value without braces: event.job.id, or `text ${event.job.id}`.";

        private void Value(JsonCursor? value)
        {
            switch (value)
            {
                case { Kind: JsonValueKind.Object } members:
                    Object(members);
                    break;
                case { Kind: JsonValueKind.Array } list:
                    foreach (JsonCursor item in list.Items())
                    {
                        Value(item);
                    }
                    break;
                case { Kind: JsonValueKind.String } text:
                    Text(text, text.Element.GetString()!);
                    break;
            }
        }

        private void Object(JsonCursor value)
        {
            (string Name, JsonCursor Value)[] members = [.. value.Properties()];
            if (members is [("$js" or "$literal" or "$file", var given)])
            {
                string written = given.Element.GetRawText();
                if (members[0].Name != "$file" && Template().Match(written) is { Success: true } inside)
                {
                    Report(given.Position, inside.Value, members[0].Name == "$js" ? InScript : "\"$literal\" keeps a value as it is: write the value without it.");
                }
                return;
            }
            if (members is [("js" or "file", { Kind: JsonValueKind.String } bare)] && IsKeyword(members[0].Name, bare.Element.GetString()!))
            {
                bag.Warning(RuleCodes.MisreadText, bare.NamePosition, $"'{members[0].Name}' is a property like any other here.", $"To evaluate it, write \"${members[0].Name}\".");
                return;
            }
            foreach ((_, JsonCursor member) in members)
            {
                Value(member);
            }
        }

        private static bool IsKeyword(string name, string text) =>
            name == "js" ? Root().IsMatch(text) : System.IO.Path.GetExtension(text) is ".js" or ".json" or ".scriban";

        private void Text(JsonCursor at, string text)
        {
            if (Foreign().Match(text) is { Success: true } foreign)
            {
                Report(at.Position, foreign.Value, Braces);
            }
            else if (Path().Match(text) is { Success: true } path && Exists(path.Groups["root"].Value, path.Groups["first"].Value))
            {
                Report(at.Position, text, $"To fill in the value, write \"{{{{ {text.TrimStart('$', '.')} }}}}\"; a text that really reads so goes inside \"$literal\".");
            }
        }

        private bool Exists(string root, string first) => root switch
        {
            "steps" => pipeline.Steps.Any(s => s.Definition.Id == first),
            "lookups" => pipeline.Definition.Lookups?.Optional(first) is not null,
            _ => pipeline.TriggerReading.Root("event").Members.ContainsKey(first),
        };

        private void Report(SourcePosition at, string what, string advice) =>
            bag.Warning(RuleCodes.MisreadText, at, $"'{what.Trim()}' is not filled in: it is sent as it stands.", advice);
    }
}
