using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Acornima;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Mapping.Scripts;
using Aria.Pipelines.Mapping.Scripts.Simple;

namespace Aria.Pipelines.Tests.Mapping;

/// <summary>Every script that is shipped, on its connector's samples and on thousands of distortions of them: the shortcut and the engine agree.</summary>
public sealed partial class SimpleScriptSamplingTests
{
    private const int Seed = 20261129;
    private const int Distortions = 150;

    private static readonly string[] Roots = ["payload", "settings", "reads", "input", "response", "output", "effect", "poll", "login", "content", "candidates", "row", "options"];

    private static readonly HashSet<string> Visible = [.. Roots];

    [Fact]
    public void ShippedScripts_WithAndWithoutTheEngine_GiveTheSame()
    {
        int compared = 0;
        int decided = 0;
        var simple = new List<string>();
        foreach (string file in Directory.GetFiles(Path.Combine(Connectors.Plugins.Root, "plugins"), "*.js", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string body = Body(File.ReadAllText(file));
            string name = $"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}";
            if (Simple(body) is not { } script)
            {
                continue;
            }
            simple.Add(name);
            RootedMapping engine = Engine(body, name);
            var dice = new Dice(Seed);
            List<JsonNode?> samples = [.. Directory.GetFiles(Path.Combine(Path.GetDirectoryName(file)!, "samples"), "*.json").Select(f => JsonNode.Parse(File.ReadAllText(f)))];
            string[] used = [.. Roots.Where(r => Regex.IsMatch(body, $@"\b{r}\b", RegexOptions.None, TimeSpan.FromSeconds(1)))];
            string[] names = [.. Names().Matches(body).Select(m => m.Value).Distinct()];
            for (int i = 0; i < Distortions * 2; i++)
            {
                var roots = used.ToDictionary(r => r, r => Element(r is "payload" or "response" && i < Distortions ? Distorted(samples[i % samples.Count], dice, i / samples.Count) : Invented(names, dice, 0)));
                using var evaluation = new Evaluation(roots, TestContext.Current.CancellationToken);
                compared++;
                if (script.TryEvaluate(evaluation, out JsonNode? result))
                {
                    decided++;
                    string expected = Outcome(() => engine.Evaluate(roots, TestContext.Current.CancellationToken));
                    Assert.True(expected == (result?.ToJsonString() ?? "null"), $"{name}, {i}: the engine says {expected}, the shortcut {result?.ToJsonString()}");
                }
            }
        }
        simple.ShouldContain("Greenhouse/application-event.js");
        simple.ShouldContain("Aria/interview-event.js");
        simple.ShouldContain("BambooHR/application-event.js");
        simple.ShouldContain("SmartRecruiters/application.js");
        simple.Count.ShouldBeGreaterThan(25);
        // Distortions make most scripts fail, and failures are left to the engine.
        decided.ShouldBeGreaterThan(compared / 10);
        TestContext.Current.SendDiagnosticMessage($"{simple.Count} scripts, {compared} evaluations, {decided} decided without the engine");
    }

    private static SimpleScript? Simple(string body) =>
        SimpleScript.From(new Parser(new ParserOptions { AllowReturnOutsideFunction = true }).ParseScript(body, strict: true), Visible);

    /// <summary>The script with a statement before it that is too much for the shortcut.</summary>
    private static RootedMapping Engine(string body, string name)
    {
        var bag = new DiagnosticBag();
        MappedValue? compiled = ScriptCompiler.CompileFile(SourceText.OfFile(name, $"let $engine = 0; {body}"), Visible, bag);
        bag.Items.ShouldBeEmpty();
        return new RootedMapping(compiled.ShouldNotBeNull(), new SourcePosition(name, 1, 1));
    }

    /// <summary>A file is an expression, or else a function body.</summary>
    private static string Body(string text)
    {
        try
        {
            string expression = text.TrimEnd().TrimEnd(';');
            new Parser().ParseExpression(expression, strict: true);
            return $"return {expression[Comments().Match(expression).Length..]};";
        }
        catch (ParseErrorException)
        {
            return text;
        }
    }

    private static string Outcome(Func<JsonNode?> evaluate)
    {
        try
        {
            return evaluate()?.ToJsonString() ?? "null";
        }
        catch (MappingException e)
        {
            return e.Diagnostic.ToString();
        }
    }

    /// <summary>A sample in which as many places as asked hold something else, or nothing.</summary>
    private static JsonNode? Distorted(JsonNode? sample, Dice dice, int places)
    {
        JsonNode? distorted = sample?.DeepClone();
        for (int i = 0; i < places; i++)
        {
            JsonNode? at = distorted;
            while (at is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
            {
                if (at is JsonObject members)
                {
                    string name = members.ElementAt(dice.Below(members.Count)).Key;
                    if (dice.Below(4) == 0)
                    {
                        members[name] = Value(dice);
                        break;
                    }
                    at = members[name];
                }
                else
                {
                    var items = (JsonArray)at;
                    int index = dice.Below(items.Count);
                    if (dice.Below(6) == 0)
                    {
                        items[index] = Value(dice);
                        break;
                    }
                    at = items[index];
                }
            }
        }
        return distorted;
    }

    /// <summary>Objects with members of the names the script uses; a plural is mostly a list, anything may be anything.</summary>
    private static JsonNode? Invented(string[] names, Dice dice, int depth, string of = "")
    {
        bool isList = of.EndsWith('s') && dice.Below(10) < 8;
        if (depth > 3 || (depth > 0 && dice.Below(10) < 3 && !isList))
        {
            return Value(dice);
        }
        if (isList)
        {
            return new JsonArray([.. Enumerable.Range(0, dice.Below(4)).Select(_ => Invented(names, dice, depth + 1))]);
        }
        var made = new JsonObject();
        foreach (string name in names.Where(_ => dice.Below(names.Length) < 5 || depth == 0))
        {
            made[name] = dice.Below(3) == 0 ? "text" : Invented(names, dice, depth + 1, name);
        }
        return made;
    }

    private static JsonNode? Value(Dice dice) => dice.Below(14) switch
    {
        0 => null,
        1 => true,
        2 => false,
        3 => 0,
        4 => dice.Below(100),
        5 => 1.5,
        6 => JsonNode.Parse("12345678901234567890"),
        7 => "",
        8 => " x\u00a0",
        9 => "resume",
        10 => "a@Example.com",
        11 => new JsonObject(),
        12 => new JsonArray(),
        _ => "É1",
    };

    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node);

    [GeneratedRegex("[A-Za-z_]{2,}", RegexOptions.None, 10_000)]
    private static partial Regex Names();

    // After 'return', a line break would end the statement.
    [GeneratedRegex(@"\A(?:\s*//[^\n]*\n)*\s*", RegexOptions.None, 10_000)]
    private static partial Regex Comments();
}
