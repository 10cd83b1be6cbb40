using System.Text.RegularExpressions;

namespace Aria.Pipelines.Tests.Authoring.Mutations;

/// <summary>Mistakes in expressions, scripts and templates: members misspelt or taken from a neighbour, comparisons turned around, texts changed, lines lost.</summary>
internal static partial class CodeMutants
{
    private static readonly Dictionary<string, string> Operators = new() { ["==="] = "!==", ["!=="] = "===", ["=="] = "!=", ["!="] = "==", ["&&"] = "||", ["||"] = "&&", [" in "] = " === " };

    // Members that a person would mix up.
    private static readonly Dictionary<string, string> Neighbours = new()
    {
        ["email"] = "name",
        ["email_canonical"] = "id",
        ["name"] = "email",
        ["phone"] = "email",
        ["id"] = "url",
        ["title"] = "id",
        ["score"] = "recommendation",
        ["recommendation"] = "score",
        ["transcript_url"] = "recording_url",
        ["recording_url"] = "transcript_url",
        ["status"] = "interview_id",
        ["requisition_id"] = "title",
        ["application"] = "candidate",
        ["candidate"] = "job",
        ["job"] = "application",
        ["stage"] = "source",
        ["kit"] = "stage",
    };

    public static IEnumerable<Mutant> OfFile(string file, string text)
    {
        bool isScript = file.EndsWith(".js", StringComparison.Ordinal);
        foreach ((string what, string changed) in isScript ? OfScript(text) : OfTemplate(text))
        {
            yield return new Mutant(file, "", what, changed);
        }
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() is { Length: > 2 } line && !line.StartsWith("//", StringComparison.Ordinal))
            {
                yield return new Mutant(file, "", $"line lost: {line}", string.Join('\n', lines.Where((_, n) => n != i)));
            }
        }
    }

    public static IEnumerable<(string What, string Text)> OfScript(string text) => Of(text, Comments().Matches(text).Select(m => (m.Index, m.Index + m.Length)).ToArray());

    public static IEnumerable<(string What, string Text)> OfTemplate(string text)
    {
        foreach (Match code in Code().Matches(text))
        {
            foreach ((string what, string changed) in Of(code.Value, []))
            {
                yield return (what, text[..code.Index] + changed + text[(code.Index + code.Length)..]);
            }
        }
        if (Code().Replace(text, "").Any(char.IsLetter) && Words().Match(Code().Replace(text, m => new string(' ', m.Length))) is { Success: true } word)
        {
            yield return ("other text", text.Insert(word.Index, "x"));
        }
    }

    private static IEnumerable<(string What, string Text)> Of(string text, (int From, int To)[] comments)
    {
        foreach (Match match in Tokens().Matches(text).Where(m => !comments.Any(c => c.From <= m.Index && m.Index < c.To)))
        {
            string token = match.Value;
            string Instead(string other) => text[..match.Index] + other + text[(match.Index + token.Length)..];
            if (Operators.TryGetValue(token, out string? opposite))
            {
                yield return ($"'{token.Trim()}' is '{opposite.Trim()}'", Instead(opposite));
            }
            else if (token[0] is '\'' or '"')
            {
                yield return ($"{token} changed", Instead(token[..^1] + "x" + token[^1]));
            }
            else if (token[0] == '.')
            {
                yield return ($"'{token}' misspelt", Instead(token + "s"));
                if (Neighbours.TryGetValue(token[1..], out string? neighbour))
                {
                    yield return ($"'{token}' is '.{neighbour}'", Instead("." + neighbour));
                }
            }
        }
    }

    [GeneratedRegex("//[^\n]*", RegexOptions.None, 1000)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("[A-Za-z]{3,}", RegexOptions.None, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(@"===|!==|==|!=|&&|\|\|| in |'[^'\n]*'|""[^""\n]*""|\.[a-z_]+\b(?!\()", RegexOptions.None, 1000)]
    private static partial Regex Tokens();
}
