using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>Writes a connector from operations that a person chose out of a description of an API: schemas, parameters and credentials are taken over.</summary>
internal static partial class OpenApiScaffold
{
    private static readonly string[] Verbs = ["get", "list", "find", "search", "add", "create", "post", "put", "set", "update", "patch", "replace", "delete", "remove", "move", "send", "upload"];

    /// <summary>Makes the definition.</summary>
    /// <param name="name">Name of the connector.</param>
    /// <param name="schema">Path of the schema of connectors.</param>
    /// <param name="api">The description.</param>
    /// <param name="chosen">Operations, each as an operationId or as "GET /path".</param>
    /// <returns>The definition and what a person still has to see to; or which operation is not there.</returns>
    public static (JsonObject? Connector, IReadOnlyList<string> Notes, string? Problem) Make(string name, string schema, OpenApiFile api, IReadOnlyList<string> chosen)
    {
        (string Path, string Method, JsonObject Operation, JsonArray Common)[] all = [.. api.Operations];
        var operations = new JsonObject();
        var notes = new List<string>();
        foreach (string choice in chosen)
        {
            int at = Array.FindIndex(all, o => Means(choice, o.Path, o.Method, o.Operation));
            if (at < 0)
            {
                string[] known = [.. all.Select(o => OpenApiFile.Text(o.Operation["operationId"]) ?? $"{o.Method.ToUpperInvariant()} {o.Path}")];
                return (null, [], $"The API has no operation '{choice}'. {Suggestion.For(choice, known)}");
            }
            string given = NameOf(all[at].Path, all[at].Method, all[at].Operation);
            string unique = given;
            for (int i = 2; operations.ContainsKey(unique); i++)
            {
                unique = $"{given}_{i}";
            }
            operations[unique] = Operation(api, all[at].Path, all[at].Method, all[at].Operation, all[at].Common);
            if (all[at].Method is "post" or "patch")
            {
                notes.Add($"operation '{unique}': its effect is 'unsafe', a person decides when an answer is lost; look whether the vendor promises more (idempotent, keyed, lookup)");
            }
        }
        var settings = new JsonObject
        {
            ["baseUrl"] = new JsonObject { ["type"] = "string", ["default"] = BaseUrl(api, notes), ["help"] = "Base URL of the API." },
        };
        var http = new JsonObject { ["baseUrl"] = "{{ settings.baseUrl }}" };
        if (Auth(api, settings) is { } auth)
        {
            http["auth"] = auth;
        }
        else
        {
            notes.Add("http.auth: the description names no credentials that can be taken over; plugins/README.md has those that there are");
        }
        var connector = new JsonObject
        {
            ["$schema"] = schema, ["connector"] = name, ["version"] = "0.1.0", ["contract"] = ConnectorContract.Version, ["title"] = api.Title ?? name, ["settings"] = settings, ["http"] = http, ["operations"] = operations,
        };
        notes.Add("http.limits and http.errors: what the vendor's documentation says of limits and of errors");
        notes.Add("events: how the system tells of changes, by 'webhook' or 'poll'");
        return (connector, notes, null);
    }

    private static bool Means(string choice, string path, string method, JsonObject operation) =>
        string.Equals(choice, OpenApiFile.Text(operation["operationId"]), StringComparison.Ordinal) || string.Equals(choice, $"{method} {path}", StringComparison.OrdinalIgnoreCase);

    /// <summary>addCandidateNote is candidate_note.add; without a usable id, POST /candidates/{id}/notes is note.create.</summary>
    private static string NameOf(string path, string method, JsonObject operation)
    {
        string[] words = [.. Word().Matches(OpenApiFile.Text(operation["operationId"]) ?? "").Select(m => m.Value.ToLowerInvariant())];
        if (words is [{ } first, _, ..] && Verbs.Contains(first) && char.IsAsciiLetterLower(words[1][0]))
        {
            return $"{string.Join('_', words[1..])}.{first}";
        }
        if (words.Length > 1 && Verbs.Contains(words[^1]) && char.IsAsciiLetterLower(words[0][0]))
        {
            return $"{string.Join('_', words[..^1])}.{words[^1]}";
        }
        bool ofOne = path.TrimEnd('/').EndsWith('}');
        string[] nouns = [.. path.Split('/').Where(s => s.Length > 0 && !s.StartsWith('{')).Select(s => string.Join('_', Word().Matches(s).Select(m => m.Value.ToLowerInvariant()))).Where(s => s.Length > 0 && char.IsAsciiLetterLower(s[0]))];
        string noun = nouns.Length == 0 ? "thing" : nouns[^1].EndsWith('s') && !nouns[^1].EndsWith("ss", StringComparison.Ordinal) ? nouns[^1][..^1] : nouns[^1];
        string verb = method switch { "get" => ofOne ? "get" : "list", "post" => "create", "delete" => "delete", _ => "update" };
        return $"{noun}.{verb}";
    }

    private static JsonObject Operation(OpenApiFile api, string path, string method, JsonObject operation, JsonArray common)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        var query = new JsonObject();
        string target = path;
        foreach (JsonObject parameter in common.Concat(operation["parameters"] as JsonArray ?? []).Select(api.Resolved).OfType<JsonObject>())
        {
            string wire = OpenApiFile.Text(parameter["name"]) ?? "";
            string place = OpenApiFile.Text(parameter["in"]) ?? "";
            string name = Identifier(wire);
            bool needed = place == "path" || (parameter["required"] is JsonValue flag && flag.TryGetValue(out bool yes) && yes);
            if (place is not ("path" or "query") || name.Length == 0 || properties.ContainsKey(name))
            {
                continue;
            }
            properties[name] = api.Schema(parameter["schema"]);
            if (needed)
            {
                required.Add(name);
            }
            if (place == "path")
            {
                target = target.Replace($"{{{wire}}}", $"{{{{ input.{name} }}}}", StringComparison.Ordinal);
            }
            else
            {
                query[wire] = needed ? $"{{{{ input.{name} }}}}" : $"{{{{ input?.{name} }}}}";
            }
        }
        // Descriptions forget to declare what their paths name.
        foreach (Match forgotten in Undeclared().Matches(target))
        {
            string name = Identifier(forgotten.Groups["name"].Value);
            properties[name] = new JsonObject { ["type"] = "string" };
            required.Add(name);
            target = target.Replace(forgotten.Value, $"{{{{ input.{name} }}}}", StringComparison.Ordinal);
        }
        return Described(api, path, method, operation, target, query, properties, required);
    }

    private static JsonObject Described(OpenApiFile api, string path, string method, JsonObject operation, string target, JsonObject query, JsonObject properties, JsonArray required)
    {
        var request = new JsonObject { ["method"] = method.ToUpperInvariant(), ["path"] = target };
        if (query.Count > 0)
        {
            request["query"] = query;
        }
        if (method != "get" && Content(api, api.Resolved(operation["requestBody"])) is { } sent)
        {
            properties["body"] = api.Schema(sent["schema"]);
            required.Add("body");
            request["body"] = "{{ input.body }}";
        }
        JsonNode? answer = (operation["responses"] as JsonObject ?? []).Where(r => r.Key.StartsWith('2')).Select(r => Content(api, api.Resolved(r.Value))).FirstOrDefault(c => c is not null);
        var made = new JsonObject
        {
            ["description"] = OpenApiFile.Text(operation["summary"]) ?? OpenApiFile.Text(operation["description"]) ?? $"{method.ToUpperInvariant()} {path}",
            ["effect"] = method switch { "get" => "read", "put" or "delete" => "idempotent", _ => "unsafe" },
            ["input"] = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false },
            ["request"] = request,
            ["output"] = new JsonObject { ["$js"] = "response.body" },
        };
        if (answer?["schema"] is { } shape)
        {
            made["outputSchema"] = api.Schema(shape);
        }
        made["sample"] = answer?["example"]?.DeepClone() ?? api.Sample(answer?["schema"]) ?? new JsonObject();
        return made;
    }

    /// <summary>What is said of JSON in a body; null when there is none.</summary>
    private static JsonNode? Content(OpenApiFile api, JsonNode? body) =>
        (body?["content"] as JsonObject ?? []).Where(c => c.Key.Contains("json", StringComparison.OrdinalIgnoreCase)).Select(c => api.Resolved(c.Value)).FirstOrDefault();

    private static JsonObject? Auth(OpenApiFile api, JsonObject settings)
    {
        JsonObject Secret(string help) => new() { ["type"] = "secret", ["required"] = true, ["help"] = help };
        foreach (JsonObject scheme in api.SecuritySchemes)
        {
            string type = OpenApiFile.Text(scheme["type"]) ?? "";
            string detail = (OpenApiFile.Text(scheme["scheme"]) ?? OpenApiFile.Text(scheme["in"]) ?? "").ToLowerInvariant();
            switch (type, detail)
            {
                case ("http", "bearer"):
                    settings["apiKey"] = Secret("Token of the account.");
                    return new JsonObject { ["bearer"] = new JsonObject { ["token"] = "{{ settings.apiKey }}" } };
                case ("http", "basic"):
                    settings["user"] = Secret("User name of the account.");
                    settings["password"] = Secret("Its password.");
                    return new JsonObject { ["basic"] = new JsonObject { ["user"] = "{{ settings.user }}", ["password"] = "{{ settings.password }}" } };
                case ("apiKey", "header" or "query"):
                    settings["apiKey"] = Secret("Key of the account.");
                    return new JsonObject { ["keys"] = new JsonObject { [detail == "header" ? "headers" : "query"] = new JsonObject { [OpenApiFile.Text(scheme["name"]) ?? "key"] = "{{ settings.apiKey }}" } } };
                case ("oauth2", _) when OpenApiFile.Text(scheme["flows"]?["clientCredentials"]?["tokenUrl"]) is { } tokenUrl:
                    settings["clientId"] = Secret("Client id.");
                    settings["clientSecret"] = Secret("Client secret.");
                    return new JsonObject { ["clientCredentials"] = new JsonObject { ["tokenUrl"] = tokenUrl, ["clientId"] = "{{ settings.clientId }}", ["clientSecret"] = "{{ settings.clientSecret }}" } };
                default:
                    break;
            }
        }
        return null;
    }

    private static string BaseUrl(OpenApiFile api, List<string> notes)
    {
        if (api.Server is { } server && Uri.TryCreate(server, UriKind.Absolute, out _) && !server.Contains('{', StringComparison.Ordinal))
        {
            return server.TrimEnd('/');
        }
        notes.Add("settings.baseUrl: the description names no address of its own");
        return "https://api.example.com";
    }

    private static string Identifier(string wire)
    {
        var name = new StringBuilder();
        foreach (Match word in Word().Matches(wire))
        {
            name.Append(name.Length == 0 ? "" : "_").Append(word.Value.ToLowerInvariant());
        }
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name.ToString() : "";
    }

    [GeneratedRegex("(?<!\\{)\\{(?<name>[A-Za-z][^{}]*)\\}(?!\\})", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Undeclared();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Word();
}
