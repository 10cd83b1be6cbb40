using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Answers that a system makes meanwhile: an export that is begun, asked for until it is there, and read where it lies.</summary>
public sealed class ReadyTests : IDisposable
{
    private readonly ConnectorRig _rig = new();
    private readonly ConcurrentQueue<DateTimeOffset> _asked = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("{}", """202 {} /jobs/1 | 202 {} | 303 {} /files/7 | 200 [1,2]""", "POST /export|GET /jobs/1|GET /jobs/1|GET /files/7", "0 2 4 4")]
    [InlineData("{}", """303 {} /files/7 | 200 [1,2]""", "POST /export|GET /files/7", "0 0")]
    [InlineData("{}", """200 [1,2]""", "POST /export", "0")]
    [InlineData("""{ "every": "5s" }""", """202 {} /jobs/1 | 202 {} /jobs/1 9 | 200 [1,2]""", "POST /export|GET /jobs/1|GET /jobs/1", "0 5 14")]
    [InlineData("""{ "at": "/jobs/{{ response.body.job }}", "when": "response.body.state === 'done'" }""", """200 {"job":3} | 200 {"job":3,"state":"done"}""", "POST /export|GET /jobs/3", "0 2")]
    public async Task Answer_ThatIsMadeMeanwhile_IsAskedForUntilItIsThere(string ready, string script, string lines, string seconds)
    {
        await using RemoteServer server = await StartAsync(script);
        DateTimeOffset begun = _rig.Time.GetUtcNow();

        Preparation prepared = await PrepareAsync(server.Url, ready);

        prepared.Frozen.ShouldNotBeNull(prepared.RetryCode);
        server.Lines.ShouldBe(lines.Split('|'));
        _asked.Select(a => (a - begun).TotalSeconds.ToString(CultureInfo.InvariantCulture)).ShouldBe(seconds.Split(' '));
        server.Requests.Skip(1).ShouldAllBe(r => r.Body == "" && !r.Headers.ContainsKey("Content-Type"));
    }

    [Theory]
    [InlineData("""{ "within": "5s" }""", """202 {} /jobs/1 | 202 {} | 202 {} | 202 {}""", "not_ready", 3)]
    [InlineData("{}", """202 {} http://elsewhere.example/jobs/1""", "answer_not_understood", 1)]
    [InlineData("{}", """202 {}""", "answer_not_understood", 1)]
    [InlineData("{}", """202 {} /jobs/1 | 500 {}""", "remote_error", 2)]
    public async Task Answer_ThatDoesNotCome_IsAFailureAndSaysWhich(string ready, string script, string code, int requests)
    {
        await using RemoteServer server = await StartAsync(script);

        Preparation prepared = await PrepareAsync(server.Url, ready);

        (prepared.Frozen, prepared.RetryCode, server.Requests.Count).ShouldBe((null, code, requests));
    }

    [Theory]
    [InlineData("""{ "every": "0s" }""", "The system would be asked without a pause. Write a time such as 2s.")]
    [InlineData("""{ "within": "5m" }""", "A read cannot wait so long. Write at most 1m; what takes longer is begun by one operation and found by a feed.")]
    [InlineData("""{ "until": "done" }""", "Property 'until' is not known here. Known: when, at, every, within.")]
    public void Ready_WithAMistake_SaysHowToMendIt(string ready, string expected)
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(new TestFolder(Definition(ready)), null, new MappingCompiler(), bag);
        bag.Items.Select(f => $"{f.Summary} {f.Detail}").ShouldBe([expected]);
    }

    /// <summary>A server that answers in turn: status, body, and perhaps where to go on and after how many seconds.</summary>
    private Task<RemoteServer> StartAsync(string script)
    {
        var answers = new Queue<string>(script.Split(" | "));
        return RemoteServer.StartAsync((_, response) =>
        {
            _asked.Enqueue(_rig.Time.GetUtcNow());
            string[] answer = answers.Dequeue().Split(' ');
            if (answer.Length > 2)
            {
                response.Headers.Location = answer[2];
            }
            if (answer.Length > 3)
            {
                response.Headers.RetryAfter = answer[3];
            }
            return RemoteServer.Json(response, answer[1], int.Parse(answer[0], CultureInfo.InvariantCulture));
        });
    }

    private async Task<Preparation> PrepareAsync(string url, string ready)
    {
        Connection connection = Plugins.Connect(Plugins.Read(new TestFolder(Definition(ready))), $$"""{"baseUrl":"{{url}}"}""");
        Task<Preparation> preparing = _rig.Client.PrepareAsync(connection, connection.Connector.Operations["thing.get"], JsonElement.Parse("{}"), "k", TestContext.Current.CancellationToken);
        // Time passes only while somebody waits for it.
        while (!preparing.IsCompleted)
        {
            if (_rig.Time.IsAwaited)
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
            }
            await Task.Yield();
        }
        return await preparing;
    }

    private static string Definition(string ready) => $$$"""
        { "connector": "exports", "version": "1.0.0", "contract": 1, "title": "Exports", "settings": { "baseUrl": { "type": "string" } }, "http": { "baseUrl": "{{ settings.baseUrl }}" },
          "operations": { "thing.get": { "effect": "read", "input": {}, "output": { "all": { "$js": "reads.all" } }, "sample": { "all": [] },
            "reads": [ { "id": "all", "request": { "method": "POST", "path": "/export", "body": {} }, "ready": {{{ready}}}, "sample": [] } ] } } }
        """;
}
