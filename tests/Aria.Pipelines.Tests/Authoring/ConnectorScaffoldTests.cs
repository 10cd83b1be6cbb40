using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Scaffolding;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary>What 'aria new connector' writes is good at once, from the template and from descriptions of APIs.</summary>
public sealed class ConnectorScaffoldTests : IDisposable
{
    private const string Yaml = """
        openapi: 3.0.3
        info: { title: Hire, version: "1" }
        servers: [ { url: "https://api.hire.example/v2/" } ]
        components:
          securitySchemes: { key: { type: apiKey, in: header, name: X-Api-Key } }
          schemas:
            Note: { type: object, required: [ text ], properties: { text: { type: string, nullable: true, example: hello }, author: { $ref: "#/components/schemas/Person" } } }
            Person: { type: object, properties: { name: { type: string }, boss: { $ref: "#/components/schemas/Person" } } }
        paths:
          /candidates/{candidateId}/notes:
            parameters: [ { name: candidateId, in: path, required: true, schema: { type: string } } ]
            post:
              operationId: addCandidateNote
              summary: Adds a note
              requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Note" } } } }
              responses: { "201": { description: made, content: { application/json: { schema: { $ref: "#/components/schemas/Note" } } } } }
          /candidates:
            get:
              parameters: [ { name: updated-after, in: query, schema: { type: string } }, { name: page, in: query, required: true, schema: { type: integer } } ]
              responses: { "200": { description: all, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Person" } } } } } }
          /candidates/{candidateId}/stage:
            put:
              operationId: set_candidate_stage
              parameters: [ { name: candidateId, in: path, required: true, schema: { type: string } } ]
              responses: { "204": { description: done } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-openapi-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("my-ats", "MyAts")]
    [InlineData("hire2", "Hire2")]
    public void Template_ForAName_IsAConnectorWithoutFindings(string name, string folder)
    {
        ConnectorScaffold.FolderOf(name).ShouldBe(folder);
        IReadOnlyDictionary<string, string> files = ConnectorScaffold.Files(name, "../../schemas/connector.schema.json");
        var connectorFolder = new TestFolder(files["connector.json"]);
        foreach ((string file, string text) in files)
        {
            connectorFolder.With(file, text);
        }
        Connector connector = Connectors.Plugins.Read(connectorFolder);
        (connector.Name, connector.Events.Count, connector.Operations.Count).ShouldBe((name, 1, 2));
        Shipped.Validate("connector.schema.json", files["connector.json"]).ShouldBeEmpty();
    }

    [Fact]
    public void NewConnection_OfAConnectorThatNeedsSomethingInTheSystem_SaysWhatAndWhere()
    {
        string text = ConnectorScaffold.Files("my-ats", "s")["connector.json"].Replace("\"webhook\": {", "\"provision\": [{ \"id\": \"hook\", \"instructions\": \"Add a webhook to {url}.\" }],\n  \"webhook\": {", StringComparison.Ordinal);
        Connector connector = Connectors.Plugins.Read(new TestFolder(text).With("samples/stage-changed.json", ConnectorScaffold.Files("my-ats", "s")["samples/stage-changed.json"]));
        ConnectionScaffold.ToDo("acme", connector).ShouldContain("in MyAts: Add a webhook to https://<your host>/hooks/acme.");
    }

    [Theory]
    [InlineData("My_Ats", "'My_Ats' is not a connector name. Use lower-case letters, digits and '-', beginning with a letter.")]
    [InlineData("../x", "'../x' is not a connector name. Use lower-case letters, digits and '-', beginning with a letter.")]
    public void Name_ThatCannotBe_SaysWhy(string name, string expected) => ConnectorScaffold.Obstacle(_folder.FullName, name).ShouldBe(expected);

    [Fact]
    public async Task OpenApi_ChosenOperations_SchemasParametersAndCredentialsTakenOver()
    {
        (JsonObject? made, IReadOnlyList<string> notes, string? problem) = OpenApiScaffold.Make("hire", "../s.json", await ReadAsync("api.yaml", Yaml), ["addCandidateNote", "GET /candidates", "set_candidate_stage"]);
        problem.ShouldBeNull();
        Connector connector = Connectors.Plugins.Read(new TestFolder(ConnectorScaffold.Text(made.ShouldNotBeNull())));
        connector.Operations.Keys.ShouldBe(["candidate_note.add", "candidate.list", "candidate_stage.set"]);
        connector.Operations.Values.Select(o => o.Effect).ShouldBe([EffectClass.Unsafe, EffectClass.Read, EffectClass.Idempotent]);
        made["http"]!["auth"]!.ToJsonString().ShouldBe("""{"keys":{"headers":{"X-Api-Key":"{{ settings.apiKey }}"}}}""");
        made["settings"]!["baseUrl"]!["default"]!.GetValue<string>().ShouldBe("https://api.hire.example/v2");
        JsonNode add = made["operations"]!["candidate_note.add"]!;
        add["request"]!.ToJsonString().ShouldBe("""{"method":"POST","path":"/candidates/{{ input.candidate_id }}/notes","body":"{{ input.body }}"}""");
        add["input"]!["required"]!.ToJsonString().ShouldBe("""["candidate_id","body"]""");
        add["input"]!["properties"]!["body"]!["properties"]!["text"]!["type"]!.AsArray().Select(t => t!.GetValue<string>()).ShouldBe(["string", "null"], ignoreOrder: true);
        add["sample"]!["text"]!.GetValue<string>().ShouldBe("hello");
        made["operations"]!["candidate.list"]!["request"]!["query"]!.ToJsonString().ShouldBe("""{"updated-after":"{{ input?.updated_after }}","page":"{{ input.page }}"}""");
        notes.ShouldContain(n => n.StartsWith("operation 'candidate_note.add': its effect is 'unsafe'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenApi_Operation_SendsWhatItSays()
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, """{"text":"hi"}""", 201));
        (JsonObject? made, _, _) = OpenApiScaffold.Make("hire", "../s.json", await ReadAsync("api.yaml", Yaml), ["addCandidateNote"]);
        Connection connection = Connectors.Plugins.Connect(Connectors.Plugins.Read(new TestFolder(ConnectorScaffold.Text(made!))), $$"""{"baseUrl":"{{server.Url}}"}""");
        using var rig = new ConnectorRig();
        ConnectorOperation operation = connection.Connector.Operations["candidate_note.add"];
        var input = System.Text.Json.JsonElement.Parse("""{"candidate_id":"c 1","body":{"text":"hi"}}""");
        Preparation prepared = await rig.Client.PrepareAsync(connection, operation, input, "k", Stop);
        OperationAnswer answer = await rig.Client.SendAsync(connection, operation, input, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
        answer.Output!.Value.GetRawText().ShouldBe("""{"text":"hi"}""");
        SeenRequest seen = server.Requests.Single();
        ($"{seen.Method} {seen.PathAndQuery}", seen.Body, seen.Headers["X-Api-Key"].ToString()).ShouldBe(("POST /candidates/c%201/notes", """{"text":"hi"}""", "key-1"));
    }

    [Theory]
    [InlineData("""{ "type": "http", "scheme": "bearer" }""", "bearer")]
    [InlineData("""{ "type": "http", "scheme": "basic" }""", "basic")]
    [InlineData("""{ "type": "apiKey", "in": "query", "name": "key" }""", "keys")]
    [InlineData("""{ "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": "https://a.example/t", "scopes": {} } } }""", "clientCredentials")]
    [InlineData("""{ "type": "openIdConnect", "openIdConnectUrl": "https://a.example" }""", null)]
    public async Task OpenApi_InJson_CredentialsOfEachKind(string scheme, string? expected)
    {
        string json = $$$"""{ "openapi": "3.1.0", "info": { "title": "T", "version": "1" }, "components": { "securitySchemes": { "s": {{{scheme}}} } }, "paths": { "/things/{id}": { "get": { "responses": { "200": { "description": "d" } } } } } }""";
        (JsonObject? made, IReadOnlyList<string> notes, _) = OpenApiScaffold.Make("t", "s", await ReadAsync("api.json", json), ["get /things/{id}"]);
        (made!["http"]!["auth"] as JsonObject)?.Single().Key.ShouldBe(expected);
        (expected is null).ShouldBe(notes.Any(n => n.StartsWith("http.auth:", StringComparison.Ordinal)));
        Connectors.Plugins.Read(new TestFolder(ConnectorScaffold.Text(made))).Operations.Keys.ShouldBe(["thing.get"]);
    }

    [Fact]
    public async Task OpenApi_OperationThatIsNotThere_SuggestsAndFileThatIsNoneSaysSo()
    {
        (_, _, string? problem) = OpenApiScaffold.Make("hire", "s", await ReadAsync("api.yaml", Yaml), ["addCandidateNotes"]);
        problem.ShouldBe("The API has no operation 'addCandidateNotes'. Did you mean 'addCandidateNote'? Known: addCandidateNote, GET /candidates, set_candidate_stage.");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "none.yaml"), "just: text", Stop);
        (await OpenApiFile.ReadAsync(Path.Combine(_folder.FullName, "none.yaml"), Stop)).Problem.ShouldNotBeNull().ShouldContain("is no description of an API");
        (await OpenApiFile.ReadAsync(Path.Combine(_folder.FullName, "absent.yaml"), Stop)).Problem.ShouldNotBeNull().ShouldContain("cannot be read");
    }

    private async Task<OpenApiFile> ReadAsync(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, text, Stop);
        (OpenApiFile? file, string? problem) = await OpenApiFile.ReadAsync(path, Stop);
        return file.ShouldNotBeNull(problem);
    }
}
