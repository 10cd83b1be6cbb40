using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>A connector written in a test, with one operation, and its system on a socket.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly RemoteServer? _server;
    private readonly string _url;

    private Wire(ConnectorRig rig, string url, RemoteServer? server) => (Rig, _url, _server) = (rig, url, server);

    public ConnectorRig Rig { get; }

    public RemoteServer Server => _server.ShouldNotBeNull();

    /// <summary>The last frozen request, as it is stored.</summary>
    public string Stored { get; private set; } = "";

    public static Task<Wire> StartAsync(Func<SeenRequest, HttpResponse, Task> answer) => StartAsync(new ConnectorRig(), answer);

    public static async Task<Wire> StartAsync(ConnectorRig rig, Func<SeenRequest, HttpResponse, Task> answer)
    {
        RemoteServer server = await RemoteServer.StartAsync(answer);
        return new(rig, server.Url, server);
    }

    /// <summary>The same for a server and a rig that the test holds.</summary>
    public static Wire At(ConnectorRig rig, string url) => new(rig, url, null);

    /// <summary>Does the operation of a connector whose <c>http</c> has these members.</summary>
    public Task<OperationAnswer> DoAsync(string http) => DoAsync(Connect(http));

    /// <summary>The connection of a connector whose <c>http</c> has these members beside its base URL; URL stands for the server's.</summary>
    public Connection Connect(string http, string request = """{ "method": "GET", "path": "/thing" }""", string output = """{ "$js": "response.body" }""")
    {
        string connector = $$$"""
            { "connector": "wire", "version": "1.0.0", "contract": 1, "title": "Wire",
              "settings": {
                "baseUrl": { "type": "string" }, "user": { "type": "string", "default": "ann" }, "list": { "type": "string", "default": "a,b" },
                "apiKey": { "type": "secret" }, "clientSecret": { "type": "secret" }, "refreshToken": { "type": "secret" }, "certificate": { "type": "secret" }, "certificateKey": { "type": "secret" }
              },
              "http": { "baseUrl": "{{ settings.baseUrl }}"{{{(http.Length == 0 ? "" : $", {http}")}}} },
              "operations": { "thing.do": { "effect": "unsafe", "input": { "type": "object" }, "request": {{{request}}}, "output": {{{output}}}, "sample": {} } } }
            """;
        Connection all = Plugins.Connect(Plugins.Read(new TestFolder(connector.Replace("URL", _url, StringComparison.Ordinal))), new JsonObject { ["baseUrl"] = _url }.ToJsonString());
        // A connection names what its account has.
        return all with { SecretNames = all.SecretNames.Where(s => s.Key is "apiKey" or "clientSecret" || Rig.Secrets.ContainsKey(s.Key)).ToDictionary() };
    }

    /// <summary>Does the operation.</summary>
    public async Task<OperationAnswer> DoAsync(Connection connection, string input = "{}")
    {
        ConnectorOperation operation = connection.Connector.Operations["thing.do"];
        JsonElement given = JsonElement.Parse(input);
        Preparation prepared = await Rig.Client.PrepareAsync(connection, operation, given, "key-1", TestContext.Current.CancellationToken);
        byte[] frozen = prepared.Frozen ?? throw new InvalidOperationException(prepared.Problem?.ToString() ?? prepared.RetryCode);
        Stored = System.Text.Encoding.UTF8.GetString(frozen);
        return await Rig.Client.SendAsync(connection, operation, given, frozen, null, TestContext.Current.CancellationToken);
    }

    /// <summary>Why the operation cannot be done.</summary>
    public async Task<string> ProblemAsync(Connection connection, string input = "{}") =>
        (await Rig.Client.PrepareAsync(connection, connection.Connector.Operations["thing.do"], JsonElement.Parse(input), "key-1", TestContext.Current.CancellationToken)).Problem.ShouldNotBeNull().ToString();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        Rig.Dispose();
    }
}
