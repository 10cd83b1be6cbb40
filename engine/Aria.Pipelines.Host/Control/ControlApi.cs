using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;
using Aria.Pipelines.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Host.Control;

/// <summary>
/// What the operator's verbs ask of a running host, over a Unix socket in the data folder: whoever may write that folder is the operator.
/// The routes answer on that socket only.
/// </summary>
internal static class ControlApi
{
    private const string SocketName = "control.sock";

    // What the operating system takes as the address of a Unix socket, less its terminating NUL.
    private const int LongestPath = 103;

    /// <summary>The socket of a data folder.</summary>
    /// <exception cref="IOException">The path is longer than a socket can have.</exception>
    public static string SocketPath(string data)
    {
        string path = Path.GetFullPath(Path.Combine(data, SocketName));
        return System.Text.Encoding.UTF8.GetByteCount(path) <= LongestPath
            ? path
            : throw new IOException($"The data folder '{data}' lies too deep: the path of its control socket may have {LongestPath} bytes.");
    }

    /// <summary>Makes the routes unknown to whoever comes over the network, whatever method they use.</summary>
    public static void Guard(WebApplication app) => app.Use((http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments("/control", StringComparison.OrdinalIgnoreCase) || http.Connection.LocalIpAddress is null)
        {
            return next(http);
        }
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    public static void Map(WebApplication app, string socketPath)
    {
        RouteGroupBuilder group = app.MapGroup("/control");
        group.MapPost("/send/{pipeline}", SendAsync);
        group.MapGet("/runs", (Delegate)ListAsync);
        group.MapGet("/runs/{id}", FindAsync);
        group.MapGet("/runs/{id}/case", RecordAsync);
        FeedApi.Map(group);
        OperatorApi.Map(group);
        ReplayApi.Map(group);
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        });
    }

    private static async Task<IResult> SendAsync(string pipeline, string subject, HttpContext http)
    {
        CatalogSnapshot snapshot = http.RequestServices.GetRequiredService<PipelineCatalog>().Current;
        if (!snapshot.Pipelines.TryGetValue(pipeline, out Pipeline? found) || found.Manual is not { } manual)
        {
            string known = string.Join(", ", snapshot.Pipelines.Values.Where(p => p.Manual is not null).Select(p => p.Id));
            string error = known.Length > 0
                ? $"There is no pipeline '{pipeline}' with a manual trigger. Known: {known}."
                : "No pipeline has a manual trigger, so nothing can be started by hand. Add one to 'triggers' of a pipeline: { \"manual\": { \"subject\": \"<connection>.application\" } }.";
            return Text(new JsonObject { ["error"] = error }, StatusCodes.Status404NotFound);
        }
        if (!found.Enabled)
        {
            return Text(new JsonObject { ["error"] = $"Pipeline '{pipeline}' is not enabled: it starts no new runs." }, StatusCodes.Status409Conflict);
        }
        AcceptedEvent accepted;
        try
        {
            accepted = await http.RequestServices.GetRequiredService<EventIntake>().SendAsync(found, manual, subject, http.RequestAborted);
        }
        catch (StoreUnavailableException e)
        {
            return Text(new JsonObject { ["error"] = e.Message }, StatusCodes.Status503ServiceUnavailable);
        }
        return Text(new JsonObject { ["event"] = accepted.Id, ["duplicate"] = accepted.IsDuplicate, ["runs"] = new JsonArray([.. accepted.RunIds.Select(r => (JsonNode)JsonValue.Create(r))]) });
    }

    private static async Task<IResult> ListAsync(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        string? pipeline = query["pipeline"] is [{ Length: > 0 } given] ? given : null;
        RunState? state = Enum.TryParse(query["state"], ignoreCase: true, out RunState parsed) ? parsed : null;
        int max = int.TryParse(query["max"], CultureInfo.InvariantCulture, out int number) ? number : 50;
        IStore store = http.RequestServices.GetRequiredService<IStore>();
        var wanted = new RunQuery(pipeline, state, max) { Subjects = query["subject"] is [{ Length: > 0 } subject] ? Subjects(http, subject) : null };
        IReadOnlyList<RunSummary> runs = await store.ListRunsAsync(wanted, http.RequestAborted);
        JsonArray shown = RunReport.List(runs);
        for (int i = 0; i < runs.Count; i++)
        {
            if (runs[i].State == RunState.NeedsReview && await store.FindRunAsync(runs[i].Id, http.RequestAborted) is { } detail)
            {
                shown[i]!["review"] = RunReport.Review(detail);
            }
        }
        return Text(shown);
    }

    /// <summary>What a subject may mean: as it is written, and a bare id as each of the things that events are about, at every connection.</summary>
    private static IReadOnlyList<(string Connection, string Subject)> Subjects(HttpContext http, string subject)
    {
        CatalogSnapshot snapshot = http.RequestServices.GetRequiredService<PipelineCatalog>().Current;
        IEnumerable<string> nouns = subject.Contains(':', StringComparison.Ordinal)
            ? []
            : snapshot.Connections.Values.SelectMany(c => c.Connector.Events.Keys).Where(type => type.Contains('.', StringComparison.Ordinal)).Select(type => type.Split('.')[0])
                .Concat(snapshot.Pipelines.Values.Select(p => p.Manual?.IdMember[..^"_id".Length]).OfType<string>());
        string[] meant = [subject, .. nouns.Distinct().Select(noun => $"{noun}:{subject}")];
        return [.. from connection in snapshot.Connections.Keys from one in meant select (connection, one)];
    }

    private static async Task<IResult> FindAsync(string id, HttpContext http)
    {
        IStore store = http.RequestServices.GetRequiredService<IStore>();
        if (await store.FindRunAsync(id, http.RequestAborted) is not { } run)
        {
            return Text(new JsonObject { ["error"] = $"There is no run '{id}'." }, StatusCodes.Status404NotFound);
        }
        byte[]? definition = run.Run.State == RunState.Skipped ? await store.ReadDefinitionAsync(run.Run.DefinitionHash, http.RequestAborted) : null;
        return Text(RunReport.One(run, definition is null ? null : SkipReason.Of(run, definition)));
    }

    private static async Task<IResult> RecordAsync(string id, HttpContext http)
    {
        IStore store = http.RequestServices.GetRequiredService<IStore>();
        if (await store.FindRunAsync(id, http.RequestAborted) is not { } run)
        {
            return Text(new JsonObject { ["error"] = $"There is no run '{id}'." }, StatusCodes.Status404NotFound);
        }
        (Pipeline? pipeline, _) = await http.RequestServices.GetRequiredService<PipelineCatalog>().FindAsync(run.Run.Pipeline, run.Run.DefinitionHash, http.RequestAborted);
        try
        {
            if (pipeline is not null && CaseRecorder.Record(run, pipeline) is { } recorded)
            {
                JsonObject summary = RunReport.List([run.Run])[0]!.AsObject();
                return Text(new JsonObject { ["pipeline"] = pipeline.Id, ["state"] = summary["state"]?.DeepClone(), ["code"] = run.Run.Code, ["case"] = recorded });
            }
            return NotRecorded(id, pipeline is null ? "its definition no longer compiles against the connections in force" : "the body of its event is not JSON");
        }
        catch (MappingException e)
        {
            return NotRecorded(id, $"a request cannot be made again. {e.Diagnostic}");
        }
    }

    private static IResult NotRecorded(string id, string why) =>
        Text(new JsonObject { ["error"] = $"Run '{id}' cannot be recorded: {why}." }, StatusCodes.Status409Conflict);

    private static IResult Text(JsonNode node, int status = StatusCodes.Status200OK) => Results.Text(Output.HostJson.OneLine(node), "application/json", statusCode: status);
}
