using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>
/// Finds texts that are secrets by their form (keys of well-known vendors, bearer tokens, private keys), or by being of no language and
/// standing under a name such as <c>apiKey</c>. The finding never repeats the text.
/// </summary>
internal static partial class SecretTexts
{
    private const int ShortestOpaque = 16;
    private const double BitsPerCharacter = 3.0;

    // Most files hold none of these: they are passed over without looking closer.
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        ["AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "hooks.slack.com", "_live_", "_test_", "AIza", "eyJ", "-----BEGIN", "://", "earer ", "asic "], StringComparison.Ordinal);

    private static readonly SearchValues<string> Words = SearchValues.Create(["secret", "token", "passw", "key", "credential"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Looks through every text of a JSON file.</summary>
    public static void Check(SourceDocument document, DiagnosticBag bag)
    {
        if (MayHoldOne(document.Root.GetRawText()))
        {
            Check(document.Cursor, "", bag);
        }
    }

    /// <summary>Looks through a file of a pipeline: JSON by its texts, anything else line by line.</summary>
    public static void Check(string path, byte[] bytes, DiagnosticBag bag)
    {
        string all = Encoding.UTF8.GetString(bytes);
        if (!MayHoldOne(all))
        {
            return;
        }
        if (path.EndsWith(".json", StringComparison.Ordinal))
        {
            // Syntax errors are reported where the file is compiled.
            if (SourceDocument.Parse(path, bytes, new DiagnosticBag()) is { } document)
            {
                Check(document, bag);
            }
            return;
        }
        int number = 0;
        foreach (string line in all.Split('\n'))
        {
            number++;
            Match named = NamedText().Match(line);
            if (FormOf(line) is { } form)
            {
                Report(new SourcePosition(path, number, form.Column + 1), form.What, bag);
            }
            else if (named.Success && IsOpaque(named.Groups["text"].Value))
            {
                Report(new SourcePosition(path, number, named.Groups["text"].Index + 1), $"The value of '{named.Groups["name"].Value}'", bag);
            }
        }
    }

    private static bool MayHoldOne(string text) => text.AsSpan().ContainsAny(Marks) || text.AsSpan().ContainsAny(Words);

    private static void Check(JsonCursor value, string name, DiagnosticBag bag)
    {
        switch (value.Kind)
        {
            case JsonValueKind.Object:
                foreach ((string member, JsonCursor inner) in value.Properties())
                {
                    Check(inner, member, bag);
                }
                break;
            case JsonValueKind.Array:
                foreach (JsonCursor item in value.Items())
                {
                    Check(item, name, bag);
                }
                break;
            case JsonValueKind.String:
                CheckText(value, name, value.Element.GetString()!, bag);
                break;
        }
    }

    private static void CheckText(JsonCursor at, string name, string text, DiagnosticBag bag)
    {
        if (FormOf(text) is { } form)
        {
            Report(at.Position, form.What, bag);
        }
        else if (SecretName().IsMatch(name) && IsOpaque(text))
        {
            Report(at.Position, $"The value of '{name}'", bag);
        }
    }

    private static void Report(SourcePosition at, string what, DiagnosticBag bag)
    {
        // A secret in the place of a reference is reported there already.
        if (bag.Items.Any(d => d.File == at.File && d.Line == at.Line && d.Column == at.Column && d.Code == PipelineCodes.InlineSecret))
        {
            return;
        }
        bag.Error(RuleCodes.LiteralSecret, at, $"{what} looks like a secret written into a file.", "Revoke it, because files are copied and kept; then give it to the host and name it in the connection as \"${secret:name}\".");
    }

    private static (string What, int Column)? FormOf(string text)
    {
        Match match = text.AsSpan().ContainsAny(Marks) ? KnownForm().Match(text) : Match.Empty;
        if (!match.Success)
        {
            return null;
        }
        string what = match.Groups.Cast<Group>().Skip(1).First(g => g.Success).Name switch
        {
            "aws" => "An AWS access key",
            "github" => "A GitHub token",
            "slack" => "A Slack token",
            "stripe" => "An API key",
            "google" => "A Google API key",
            "jwt" => "A signed token (JWT)",
            "pem" => "A private key",
            "url" => "A password in a URL",
            _ => "A bearer token",
        };
        return (what, match.Index);
    }

    private static bool IsOpaque(string text) =>
        text.Length >= ShortestOpaque && !text.Contains("{{", StringComparison.Ordinal) && !text.Contains("${", StringComparison.Ordinal) && !text.AsSpan().ContainsAny(" \t\n")
        && !Uri.IsWellFormedUriString(text, UriKind.Absolute) && text.Any(char.IsAsciiDigit) && Entropy(text) >= BitsPerCharacter;

    private static double Entropy(string text) =>
        -text.GroupBy(c => c).Select(g => (double)g.Count() / text.Length).Sum(p => p * Math.Log2(p));

    [GeneratedRegex(
        @"(?<aws>\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)|(?<github>\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,})|(?<slack>\bxox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/T[A-Za-z0-9]+/B[A-Za-z0-9]+/[A-Za-z0-9]{16,})" +
        @"|(?<stripe>\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,})|(?<google>\bAIza[A-Za-z0-9_-]{35})|(?<jwt>\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})" +
        @"|(?<pem>-----BEGIN [A-Z ]*PRIVATE KEY-----)|(?<url>\b[a-z][a-z0-9+.-]*://[^/\s:@{}]+:[^/\s:@{}]{4,}@)|(?<bearer>\b[Bb](?:earer|asic) [A-Za-z0-9+/_=.-]{20,})",
        RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex KnownForm();

    [GeneratedRegex("(?:secret|token|password|passwd|api_?-?key|private_?key|credential|signing_?key|access_?key)s?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex SecretName();

    [GeneratedRegex("(?<name>[A-Za-z_]*(?:[Ss]ecret|[Tt]oken|[Pp]assword|[Aa]pi_?[Kk]ey|[Pp]rivate_?[Kk]ey|[Aa]ccess_?[Kk]ey))['\"]?\\s*[:=]\\s*['\"`](?<text>[^'\"`]+)['\"`]", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex NamedText();
}
