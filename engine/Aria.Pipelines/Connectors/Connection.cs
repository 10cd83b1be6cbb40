using System.Net;
using System.Text.Json;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>One configured account of a connector, environment overlay applied.</summary>
/// <param name="Id">Name of its file.</param>
/// <param name="Connector">What it is an account of.</param>
/// <param name="Settings">Settings with defaults, without secrets.</param>
/// <param name="SecretNames">For each given setting of type secret, the names of its secrets, newest first.</param>
/// <param name="Limit">Request budget; null for none.</param>
/// <param name="Policy">Which targets are allowed.</param>
internal sealed record Connection(
    string Id,
    Connector Connector,
    JsonElement Settings,
    IReadOnlyDictionary<string, IReadOnlyList<SecretName>> SecretNames,
    BudgetLimit? Limit,
    TargetPolicy Policy)
{
    /// <summary>The member of its file that names the authorities.</summary>
    public const string TrustMember = "trust";

    /// <summary>Scopes that the account was granted, as the connection says; null when it says nothing.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Where it is written, its settings by name in the order in which layers win; for findings about what an account has.</summary>
    public ILookup<string, JsonCursor> Written { get; init; } = Array.Empty<(string Name, JsonCursor Value)>().ToLookup(s => s.Name, s => s.Value);

    /// <summary>Its file, for settings that nobody wrote.</summary>
    public SourcePosition Position { get; init; }

    /// <summary>Where a setting stands that is named by a path (<c>fields.score</c>): in the last layer that has it, or else as near as anything written comes.</summary>
    public SourcePosition Place(string path)
    {
        string[] parts = path.Split('.');
        (JsonCursor Value, int Depth)? best = null;
        foreach (JsonCursor layer in Written[parts[0]])
        {
            (JsonCursor value, int depth) = (layer, 1);
            while (depth < parts.Length && value.Optional(parts[depth]) is { } inner)
            {
                (value, depth) = (inner, depth + 1);
            }
            best = best is { } other && other.Depth > depth ? best : (value, depth);
        }
        return best?.Value.Position ?? Position;
    }

    /// <summary>Names of the secrets that hold the certificates of the authorities it trusts; empty to trust those of the machine.</summary>
    public IReadOnlyList<SecretName> Trust { get; init; } = [];

    /// <summary>Every secret that it names, by the setting that names it; those of its authorities under <see cref="TrustMember"/>.</summary>
    public IEnumerable<(string Setting, IReadOnlyList<SecretName> Names)> Secrets => SecretNames.Select(s => (s.Key, s.Value)).Append((TrustMember, Trust));

    /// <summary>The settings that hold its credentials, as people are told of them.</summary>
    public string CredentialSettings
    {
        get
        {
            string[] used = [.. Connector.Http.AuthSecrets.Where(SecretNames.ContainsKey).Select(s => $"'{s}'")];
            return used.Length switch
            {
                0 => "the credentials",
                1 => $"the setting {used[0]}",
                _ => $"the settings {string.Join(", ", used[..^1])} and {used[^1]}",
            };
        }
    }

    /// <summary>When it is left alone because its system does not answer.</summary>
    public BreakerTerms Breaker { get; init; } = BreakerTerms.Default;

    /// <summary>Networks that its deliveries may come from; null for any.</summary>
    public IReadOnlyList<IPNetwork>? AllowFrom { get; init; }

    /// <summary>Whether a delivery may come from an address.</summary>
    /// <param name="sender">The address; null when it has none.</param>
    public bool Allows(IPAddress? sender) => AllowFrom is not { } networks || (sender is not null && AddressRange.IsIn(networks, sender));

    /// <summary>What its requests count against.</summary>
    public BudgetScope Budget => new(Id, Limit) { More = MoreLimits, Breaker = Breaker };

    /// <summary>Further windows of the budget.</summary>
    public IReadOnlyList<BudgetLimit> MoreLimits { get; init; } = [];
}
