using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Schemas.Formats;

namespace Aria.Pipelines.Compilation;

/// <summary>Reads what stands where a secret is due: a reference, one with its end, or a list of these, newest first.</summary>
/// <param name="bag">Receives what is wrong.</param>
internal sealed partial class SecretNameReader(DiagnosticBag bag)
{
    private const string TimeForm = "Write an RFC 3339 time with its offset: \"2026-12-31T00:00:00Z\" or \"2026-12-31T01:00:00+01:00\".";

    /// <summary>Whether a text is a reference to a secret.</summary>
    public static bool IsReference(string text) => SecretReference().IsMatch(text);

    /// <summary>Reads the secrets of one setting.</summary>
    /// <param name="owner">What they belong to, as people are told of it.</param>
    /// <param name="value">As written.</param>
    public IReadOnlyList<SecretName> Read(string owner, JsonCursor value)
    {
        JsonCursor[] all = value.Kind == JsonValueKind.Array ? [.. value.Items()] : [value];
        if (all.Length == 0)
        {
            bag.Error(PipelineCodes.MissingSetting, value.Position, $"{owner} names no secret.", "Write \"${secret:name}\", or a list of them while one is being rotated.");
        }
        return [.. all.Select(one => One(owner, one)).OfType<SecretName>()];
    }

    private SecretName? One(string owner, JsonCursor value)
    {
        if (value.Kind != JsonValueKind.Object)
        {
            return Name(owner, value) is { } alone ? new SecretName(alone) : null;
        }
        value.AllowOnly(bag, "secret", "notAfter");
        string? name = value.Required("secret", bag) is { } reference ? Name(owner, reference) : null;
        DateTimeOffset? end = value.Required("notAfter", bag) is { } time ? Time(time) : null;
        return name is null || end is null ? null : new SecretName(name, end);
    }

    private string? Name(string owner, JsonCursor value)
    {
        Match match = value.Kind == JsonValueKind.String ? SecretReference().Match(value.Element.GetString()!) : Match.Empty;
        if (match.Success)
        {
            return match.Groups["name"].Value;
        }
        bag.Error(PipelineCodes.InlineSecret, value.Position, $"{owner} is a secret and is never written into a file.", "Write \"${secret:name}\" and provide the secret of that name to the host.");
        return null;
    }

    private DateTimeOffset? Time(JsonCursor value)
    {
        if (value.Kind != JsonValueKind.String)
        {
            value.WrongType("a time", bag, TimeForm);
            return null;
        }
        string text = value.Element.GetString()!;
        if (DateFormats.IsDateTime(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time))
        {
            return time;
        }
        bag.Error(DefinitionCodes.InvalidValue, value.Position, $"'{text}' is not an instant.", TimeForm);
        return null;
    }

    [GeneratedRegex(@"\A\$\{secret:(?<name>[a-z0-9][a-z0-9-]{0,63})\}\z", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex SecretReference();
}
