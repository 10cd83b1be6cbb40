using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Schemas;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>operations</c>.</summary>
internal static class OperationsReader
{
    private static readonly string[] Classes = ["read", "idempotent", "keyed", "lookup", "unsafe"];
    private static readonly JsonElement NoSchema = JsonElement.Parse("true");
    private static readonly JsonElement NoSample = JsonElement.Parse("null");

    public static IReadOnlyDictionary<string, ConnectorOperation> Read(JsonCursor root, HttpDefinition? http, ConnectorSource source)
    {
        var operations = new Dictionary<string, ConnectorOperation>();
        if (root.Optional("operations") is not { } owner || !owner.IsObject(source.Bag))
        {
            return operations;
        }
        foreach ((string name, JsonCursor value) in owner.Properties())
        {
            EventsReader.CheckName(name, value, source.Bag);
            if (value.IsObject(source.Bag) && value.Optional("parts") is null)
            {
                operations.TryAdd(name, ReadOne(root, name, value, http, source));
            }
        }
        var single = new Dictionary<string, ConnectorOperation>(operations);
        foreach ((string name, JsonCursor value) in owner.Properties().Where(p => p.Value is { Kind: JsonValueKind.Object } v && v.Optional("parts") is not null))
        {
            operations.TryAdd(name, ReadParted(root, name, value, single, source));
        }
        return owner.Properties().Select(p => p.Name).Distinct().Where(operations.ContainsKey).ToDictionary(n => n, n => operations[n]);
    }

    private static ConnectorOperation ReadParted(JsonCursor root, string name, JsonCursor value, IReadOnlyDictionary<string, ConnectorOperation> single, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        AllowMembers(value, bag);
        JsonCursor? input = value.Required("input", bag);
        IReadOnlyList<OperationPart> parts = PartsReader.Read(name, value, single, source);
        return new ConnectorOperation
        {
            Name = name,
            Description = value.OptionalText("description", bag) ?? "",
            Effect = parts.Select(p => p.Operation.Effect).DefaultIfEmpty(EffectClass.Unsafe).Max(),
            InputSchema = input?.Element.Clone() ?? NoSchema,
            Input = ReadSchema(input, source),
            Refusals = ReadsReader.Refusals(value, source),
            Parts = parts,
            Output = source.RequiredValue(value, "output", "input", "settings", "parts"),
            OutputSchema = SchemaReader.Read(value, "outputSchema", source),
            Sample = value.Required("sample", bag)?.Element.Clone() ?? NoSample,
            Destinations = LimitationsReader.Destinations(value, bag),
            Scopes = [.. parts.SelectMany(p => p.Operation.Scopes).Concat(value.OptionalTexts("scopes", bag)).Distinct()],
            Causes = [.. parts.SelectMany(p => p.Operation.Causes).Concat(ReadCauses(root, value, bag)).Distinct()],
        };
    }

    private static void AllowMembers(JsonCursor value, DiagnosticBag bag) =>
        value.AllowOnly(bag, "description", "effect", "input", "reads", "refuse", "request", "parts", "output", "outputSchema", "reference", "sample", "lookup", "idempotency", "touches", "scopes", "causes", "landsIn");

    private static ConnectorOperation ReadOne(JsonCursor root, string name, JsonCursor value, HttpDefinition? http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        AllowMembers(value, bag);
        (EffectClass effect, string? setting, IReadOnlyList<EffectClass> possible) = ReadEffect(value, source);
        bool byCode = IsByCode(value, source);
        JsonCursor? input = value.Required("input", bag);
        var operation = new ConnectorOperation
        {
            Name = name,
            Description = value.OptionalText("description", bag) ?? "",
            Effect = effect,
            EffectSetting = setting,
            InputSchema = input?.Element.Clone() ?? NoSchema,
            Input = ReadSchema(input, source),
            Reads = ReadsReader.Read(value, http, source),
            Refusals = ReadsReader.Refusals(value, source),
            Request = !byCode && value.Optional("request") is { } request && request.IsObject(bag) ? RequestReader.Read(request, source) : null,
            PreparedByCode = byCode,
            Output = ReadOutput(value, byCode, source),
            OutputSchema = SchemaReader.Read(value, "outputSchema", source),
            Reference = source.OptionalValue(value, "reference", "input", "output"),
            Sample = value.Required("sample", bag)?.Element.Clone() ?? NoSample,
            Lookup = ReadLookup(value, http, source),
            IdempotencyHeader = ReadIdempotency(value, bag)?.Header,
            IdempotencyValidity = ReadIdempotency(value, new DiagnosticBag())?.Validity ?? TimeSpan.FromHours(24),
            Touches = ReadTouches(value, source),
            Destinations = LimitationsReader.Destinations(value, bag),
            Scopes = value.OptionalTexts("scopes", bag),
            Causes = ReadCauses(root, value, bag),
        };
        CheckClass(operation, value, possible, bag);
        return operation;
    }

    private static (EffectClass Effect, string? Setting, IReadOnlyList<EffectClass> Possible) ReadEffect(JsonCursor value, ConnectorSource source)
    {
        if (value.Required("effect", source.Bag) is not { } effect)
        {
            return (EffectClass.Unsafe, null, []);
        }
        if (effect.Kind != JsonValueKind.Object)
        {
            EffectClass one = effect.OneOf(source.Bag, Classes) is { } text ? Enum.Parse<EffectClass>(text, ignoreCase: true) : EffectClass.Unsafe;
            return (one, null, [one]);
        }
        effect.AllowOnly(source.Bag, "setting");
        string name = effect.RequiredText("setting", source.Bag);
        source.Settings.TryGetValue(name, out SettingDefinition? setting);
        bool fits = setting is { Type: "string", Default: not null, Allowed.Count: > 0 } && setting.Allowed.All(a => Classes.Contains(a));
        if (!fits)
        {
            source.Bag.Error(ConnectorCodes.UnknownSetting, effect.Position, $"Setting '{name}' cannot hold an effect class.",
                $"Declare it as a string with a default and \"allowed\" values out of: {string.Join(", ", Classes)}.");
            return (EffectClass.Unsafe, null, []);
        }
        EffectClass otherwise = Enum.Parse<EffectClass>(setting!.Default!.Value.GetString()!, ignoreCase: true);
        return (otherwise, name, [.. setting.Allowed.Select(a => Enum.Parse<EffectClass>(a, ignoreCase: true))]);
    }

    private static bool IsByCode(JsonCursor value, ConnectorSource source)
    {
        if (value.Optional("request") is not { Kind: JsonValueKind.String } request || request.OneOf(source.Bag, "code") is null)
        {
            return false;
        }
        source.NeedCode<IPreparesRequests>(request);
        return true;
    }

    private static ISchema ReadSchema(JsonCursor? input, ConnectorSource source)
    {
        if (input is not { } cursor)
        {
            return SchemaCompiler.Compile(NoSchema);
        }
        if (SchemaCompiler.TryCompile(cursor.Element, out ISchema? compiled, out IReadOnlyList<SchemaFinding> findings, OperationInput.SchemaOptions))
        {
            return compiled;
        }
        foreach (SchemaFinding finding in findings)
        {
            source.Bag.Error(ConnectorCodes.InputSchema, cursor.Document.PositionOf(cursor.Pointer + finding.InstancePointer), $"The input schema is not a valid JSON Schema. {finding.Message}");
        }
        return SchemaCompiler.Compile(NoSchema);
    }

    private static CompiledMapping? ReadOutput(JsonCursor value, bool byCode, ConnectorSource source)
    {
        if (!byCode)
        {
            return source.RequiredValue(value, "output", "input", "settings", "reads", "response");
        }
        if (value.Optional("output") is { } output)
        {
            source.Bag.Error(ConnectorCodes.Contradiction, output.NamePosition, "An operation whose request is \"code\" has its answer read by code too.", "Remove 'output'.");
        }
        return null;
    }

    private static LookupDefinition? ReadLookup(JsonCursor value, HttpDefinition? http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        if (value.Optional("lookup") is not { } lookup || !lookup.IsObject(bag))
        {
            return null;
        }
        lookup.AllowOnly(bag, "request", "paged", "items", "found", "delay");
        if (lookup.Required("request", bag) is not { } request || !request.IsObject(bag))
        {
            return null;
        }
        return new LookupDefinition(
            RequestReader.Read(request, source),
            ReadsReader.Items(lookup, http, bag),
            source.RequiredValue(lookup, "found", "input", "settings", "reads", "response", "effect"),
            lookup.OptionalDuration("delay", bag) ?? TimeSpan.Zero);
    }

    private static (string Header, TimeSpan? Validity)? ReadIdempotency(JsonCursor value, DiagnosticBag bag)
    {
        if (value.Optional("idempotency") is not { } idempotency || !idempotency.IsObject(bag))
        {
            return null;
        }
        idempotency.AllowOnly(bag, "header", "validity");
        return (idempotency.RequiredText("header", bag), idempotency.OptionalDuration("validity", bag));
    }

    private static List<CompiledMapping> ReadTouches(JsonCursor value, ConnectorSource source) =>
        value.Optional("touches") is { } touches && touches.IsArray(source.Bag) ? [.. touches.Items().Select(t => source.Value(t, "input"))] : [];

    private static IReadOnlyList<string> ReadCauses(JsonCursor root, JsonCursor value, DiagnosticBag bag)
    {
        IReadOnlyList<string> causes = value.OptionalTexts("causes", bag);
        string[] events = [.. root.Optional("events")?.Properties().Select(p => p.Name) ?? []];
        foreach (string unknown in causes.Except(events))
        {
            bag.Error(ConnectorCodes.Contradiction, value.Optional("causes")!.Value.Position, $"This connector has no event '{unknown}' to cause.", Suggestion.For(unknown, events));
        }
        return causes;
    }

    private static void CheckClass(ConnectorOperation operation, JsonCursor value, IReadOnlyList<EffectClass> possible, DiagnosticBag bag)
    {
        SourcePosition at = (value.Optional("effect") ?? value).Position;
        if (possible.Contains(EffectClass.Lookup) && value.Optional("lookup") is null)
        {
            bag.Error(ConnectorCodes.LookupMissing, at, $"Operation '{operation.Name}' is of class lookup, but does not say how to find the change again.", "Add \"lookup\": { \"request\": …, \"found\": … }.");
        }
        if (possible.Contains(EffectClass.Keyed) && value.Optional("idempotency") is null)
        {
            bag.Error(ConnectorCodes.IdempotencyMissing, at, $"Operation '{operation.Name}' is of class keyed, but does not say which header carries the key.", "Add \"idempotency\": { \"header\": \"Idempotency-Key\", \"validity\": \"24h\" }.");
        }
        if (value.Optional("request") is null && (operation.Reads.Count == 0 || operation.Effect != EffectClass.Read))
        {
            bag.Error(ConnectorCodes.Contradiction, value.Position, $"Operation '{operation.Name}' sends nothing.", "Add \"request\"; only an operation of class read may consist of its reads.");
        }
    }
}
