using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Connectors;

/// <summary>What the parts of the reader share while one <c>connector.json</c> is read.</summary>
/// <param name="Files">The connector's folder.</param>
/// <param name="Code">The code half; null when there is none.</param>
/// <param name="Mappings">Compiles templates.</param>
/// <param name="Settings">The declared settings.</param>
/// <param name="Bag">Receives every finding.</param>
internal sealed record ConnectorSource(
    IDefinitionFiles Files,
    IConnector? Code,
    IMappingCompiler Mappings,
    IReadOnlyDictionary<string, SettingDefinition> Settings,
    DiagnosticBag Bag)
{
    /// <summary>Schema files compiled so far, by name; null for one that was reported.</summary>
    public Dictionary<string, ISchema?> SchemaFiles { get; } = [];

    /// <summary>True inside <c>http.auth</c>, whose values see <c>settings</c> with secrets.</summary>
    public bool SecretsAllowed { get; private init; }

    /// <summary>The same for the parts that see secrets.</summary>
    public ConnectorSource WithSecrets() => this with { SecretsAllowed = true };

    /// <summary>Compiles a value.</summary>
    public CompiledMapping Value(JsonCursor cursor, params ReadOnlySpan<string> roots)
    {
        SettingReferences.Check(this, cursor, SecretsAllowed);
        return Mappings.CompileValue(cursor, Files, Roots(roots), Bag) ?? UnusableMapping.Instance;
    }

    public CompiledMapping? OptionalValue(JsonCursor owner, string name, params ReadOnlySpan<string> roots) =>
        owner.Optional(name) is { } value ? Value(value, roots) : null;

    public CompiledMapping RequiredValue(JsonCursor owner, string name, params ReadOnlySpan<string> roots) =>
        owner.Required(name, Bag) is { } value ? Value(value, roots) : UnusableMapping.Instance;

    /// <summary>Compiles a condition; absent means always.</summary>
    public CompiledMapping? OptionalCondition(JsonCursor owner, string name, params ReadOnlySpan<string> roots)
    {
        if (owner.Optional(name) is not { } value)
        {
            return null;
        }
        SettingReferences.Check(this, value, SecretsAllowed);
        return Mappings.CompileExpression(value, Roots(roots), Bag) ?? UnusableMapping.Instance;
    }

    /// <summary>Members of an object as named templates, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, CompiledMapping>> NamedValues(JsonCursor owner, string name, params ReadOnlySpan<string> roots)
    {
        if (owner.Optional(name) is not { } value || !value.IsObject(Bag))
        {
            return [];
        }
        var result = new List<KeyValuePair<string, CompiledMapping>>();
        foreach ((string member, JsonCursor cursor) in value.Properties())
        {
            result.Add(new(member, Value(cursor, roots)));
        }
        return result;
    }

    /// <summary>Reports a name that is not that of a setting of type secret.</summary>
    public void NeedSecret(string name, JsonCursor at)
    {
        if (name.Length > 0 && (!Settings.TryGetValue(name, out SettingDefinition? setting) || setting.Type != "secret"))
        {
            Bag.Error(ConnectorCodes.UnknownSetting, at.Position, $"'{name}' is not a setting of type secret.",
                Suggestion.For(name, [.. Settings.Values.Where(s => s.Type == "secret").Select(s => s.Name)]));
        }
    }

    /// <summary>Reports when the connector's code does not have an ability that the definition relies on.</summary>
    public void NeedCode<T>(JsonCursor at)
        where T : IConnector
    {
        if (Code is not T)
        {
            string state = Code is null ? "this connector has no code" : $"'{Code.GetType().FullName}' does not implement it";
            Bag.Error(ConnectorCodes.CodeMissing, at.Position, $"\"code\" needs a class that implements '{typeof(T).Name}', but {state}.",
                "Put the connector's DLL into its folder, or describe this part in JSON.", DiagnosticFault.Connector);
        }
    }

    private static HashSet<string> Roots(params ReadOnlySpan<string> roots) => [.. roots];
}
