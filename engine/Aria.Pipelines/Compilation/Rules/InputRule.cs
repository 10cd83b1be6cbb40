using System.Text.Json;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>What a step gives an operation fits its input schema, as far as is known before it runs: through templates, expressions and files.</summary>
internal sealed class InputRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (StepFacts step in pipeline.Steps)
        {
            if (step is { Action: { } action, With: { } with, Definition.Action: { } name })
            {
                new Inspection(action.Operation, name, StepCompiler.IsWrittenOut(step.Definition), bag).Check(with, action.Operation.InputSchema, []);
            }
        }
    }

    /// <summary>One input being compared with one schema.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="name">Its name as written.</param>
    /// <param name="namesChecked">Whether the outermost names were checked where they are written.</param>
    /// <param name="bag">Receives the findings.</param>
    private sealed class Inspection(ConnectorOperation operation, Reference name, bool namesChecked, DiagnosticBag bag)
    {
        public void Check(Shape shape, JsonElement schema, string[] path)
        {
            if (schema.ValueKind != JsonValueKind.Object || (!shape.IsUnknown && !CheckType(shape, schema, path)))
            {
                return;
            }
            CheckLiterals(shape, path);
            if (shape.Kinds.HasFlag(ShapeKinds.Object))
            {
                CheckMembers(shape, schema, path);
            }
            if (shape is { Item: { } item } && schema.TryGetProperty("items", out JsonElement items))
            {
                Check(item with { At = item.At.Line is null ? shape.At : item.At }, items, [.. path, ""]);
            }
        }

        private bool CheckType(Shape shape, JsonElement schema, string[] path)
        {
            ShapeKinds allowed = Allowed(schema);
            ShapeKinds wrong = shape.Kinds & ~(allowed | ShapeKinds.Null);
            // Samples may not show every type a value can have; literals and templates do.
            bool surely = shape.IsCopy ? !shape.Is(wrong) || wrong == ShapeKinds.None : wrong == ShapeKinds.None;
            if (surely)
            {
                return true;
            }
            string found = shape is { IsCopy: true, Sources: [var source] } ? $"'{source}' is {Describe(wrong)}" : shape.Constants is null ? $"this makes {Describe(wrong)}" : $"this is {Describe(wrong)}";
            string hint = wrong == ShapeKinds.Text && allowed.HasFlag(ShapeKinds.Text) ? ""
                : wrong == ShapeKinds.Text && shape.Constants is null && !shape.IsCopy ? $"Give {Describe(allowed)}: a template keeps the type of its value when it is exactly one {{{{ expression }}}}, a script converts with Number(…)."
                : wrong == ShapeKinds.Text && shape.Constants is [{ } constant] ? $"Write {constant.Shown} without quotes if that is the value."
                : $"Give {Describe(allowed)}.";
            bag.Error(RuleCodes.WrongInputType, shape.At, $"Operation '{name.Name}' takes {Describe(allowed)} for '{Shown(path)}', but {found}.", hint);
            return false;
        }

        private void CheckLiterals(Shape shape, string[] path)
        {
            // What a connector may give is not the author's to choose; it is wrong only when none of it is allowed.
            bool isCopy = shape.IsCopy && shape.Constants is not { Count: > 0 };
            if (isCopy || (shape is { IsCopy: true, Constants: { } possible } && possible.Any(c => Problem(path, c) is null)))
            {
                return;
            }
            foreach (Constant constant in shape.Literals)
            {
                if (constant.Json != "null" && Problem(path, constant) is { } problem)
                {
                    string nearest = Suggestion.For(constant.Shown, Options(path));
                    bag.Error(RuleCodes.InputNotAllowed, constant.At.Line is null ? shape.At : constant.At,
                        $"Operation '{name.Name}' does not take '{constant.Shown}' for '{Shown(path)}': {problem.TrimEnd('.')}.",
                        nearest.StartsWith("Did", StringComparison.Ordinal) ? nearest[..(nearest.IndexOf('?', StringComparison.Ordinal) + 1)] : "");
                }
            }
        }

        private void CheckMembers(Shape shape, JsonElement schema, string[] path)
        {
            if (!schema.TryGetProperty("properties", out JsonElement properties))
            {
                return;
            }
            bool checkedHere = !(namesChecked && path.Length == 0);
            string[] known = [.. properties.EnumerateObject().Select(p => p.Name)];
            bool closed = schema.TryGetProperty("additionalProperties", out JsonElement more) && more.ValueKind == JsonValueKind.False;
            foreach ((string member, Shape value) in shape.Members)
            {
                Shape placed = value.At.Line is null ? value with { At = shape.At } : value;
                if (properties.TryGetProperty(member, out JsonElement inner))
                {
                    Check(placed, inner, [.. path, member]);
                }
                else if (closed && checkedHere)
                {
                    SourcePosition at = value.NameAt.Line is null ? shape.At : value.NameAt;
                    bag.Error(PipelineCodes.UnknownInput, at, $"Operation '{name.Name}' has no input '{Shown([.. path, member])}'.", Suggestion.For(member, known));
                    if (value.NameAt.Line is null)
                    {
                        return;
                    }
                }
            }
            CheckRequired(shape, schema, path, checkedHere);
        }

        private void CheckRequired(Shape shape, JsonElement schema, string[] path, bool checkedHere)
        {
            if (!shape.IsClosed || !schema.TryGetProperty("required", out JsonElement required))
            {
                return;
            }
            foreach (string member in required.EnumerateArray().Select(r => r.GetString()!))
            {
                bool given = shape.Members.TryGetValue(member, out Shape? value);
                if (given && value!.Kinds == ShapeKinds.Null)
                {
                    bag.Error(PipelineCodes.MissingInput, value.At.Line is null ? shape.At : value.At, $"Operation '{name.Name}' needs the input '{Shown([.. path, member])}', but it is null.", "Give it a value: null counts as not given.");
                }
                else if ((!given || value!.MayBeAbsent) && checkedHere)
                {
                    SourcePosition at = shape.At.Line is null ? name.Position : shape.At;
                    bag.Error(PipelineCodes.MissingInput, at, $"Operation '{name.Name}' needs the input '{Shown([.. path, member])}'.", given ? "It is given in some cases only." : "Add it here.");
                }
            }
        }

        /// <summary>Asks the schema itself, with nothing but the one value in its place.</summary>
        private string? Problem(string[] path, Constant constant)
        {
            string json = constant.Json;
            foreach (string part in path.Reverse())
            {
                json = part.Length == 0 ? $"[{json}]" : $"{{{JsonSerializer.Serialize(part, RuleJson.Default.String)}:{json}}}";
            }
            string pointer = string.Concat(path.Select(p => "/" + (p.Length == 0 ? "0" : SourceDocument.Escape(p))));
            try
            {
                return operation.Input.Validate(JsonElement.Parse(json)).FirstOrDefault(f => f.InstancePointer == pointer)?.Message;
            }
            catch (JsonException)
            {
                // A script's own way of writing numbers (0x10, 1_000) is not JSON: nothing is known of it.
                return null;
            }
        }

        private string[] Options(string[] path)
        {
            JsonElement at = operation.InputSchema;
            foreach (string part in path)
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part.Length == 0 ? "items" : "properties", out at) || (part.Length > 0 && !at.TryGetProperty(part, out at)))
                {
                    return [];
                }
            }
            return at.ValueKind == JsonValueKind.Object && at.TryGetProperty("enum", out JsonElement values)
                ? [.. values.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
                : [];
        }
    }

    private static string Shown(string[] path) => path.Length == 0 ? "its input" : string.Join(".", path.Select(p => p.Length == 0 ? "[]" : p));

    private static ShapeKinds Allowed(JsonElement schema)
    {
        if (schema.TryGetProperty("type", out JsonElement type))
        {
            IEnumerable<string?> names = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()) : [type.GetString()];
            return names.Aggregate(ShapeKinds.None, (all, n) => all | KindOf(n));
        }
        return schema.TryGetProperty("enum", out JsonElement values)
            ? values.EnumerateArray().Aggregate(ShapeKinds.None, (all, v) => all | Shape.OfSample(v, closed: false).Kinds)
            : ShapeKinds.Any;
    }

    private static ShapeKinds KindOf(string? type) => type switch
    {
        "string" => ShapeKinds.Text,
        "number" or "integer" => ShapeKinds.Number,
        "boolean" => ShapeKinds.Flag,
        "object" => ShapeKinds.Object,
        "array" => ShapeKinds.List,
        "null" => ShapeKinds.Null,
        _ => ShapeKinds.Any,
    };

    internal static string Describe(ShapeKinds kinds)
    {
        (ShapeKinds Kind, string Words)[] all = [(ShapeKinds.Text, "a text"), (ShapeKinds.Number, "a number"), (ShapeKinds.Flag, "true or false"), (ShapeKinds.Object, "an object"), (ShapeKinds.List, "a list")];
        return string.Join(" or ", all.Where(a => kinds.HasFlag(a.Kind)).Select(a => a.Words));
    }
}
