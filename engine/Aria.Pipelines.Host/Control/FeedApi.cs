using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Host.Control;

/// <summary>What operators see of polled sources and of systems that do not answer, and how they have a source read back.</summary>
internal static class FeedApi
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/feeds", (Delegate)List);
        group.MapPost("/feeds/{connection}/{eventType}/backfill", BackfillAsync);
    }

    private static IResult List(HttpContext http)
    {
        JsonArray feeds = [.. http.RequestServices.GetRequiredService<PollLoop>().Status.Where(s => s.ReadUtc is not null || s.Failures > 0).Select(s => (JsonNode)new JsonObject
        {
            ["connection"] = s.Connection,
            ["feed"] = s.Cursor,
            ["read_at"] = s.ReadUtc?.ToString("O", CultureInfo.InvariantCulture),
            ["accepted"] = s.Accepted,
            ["lag_seconds"] = s.Lag?.TotalSeconds,
            ["failures"] = s.Failures,
            ["code"] = s.Code,
            ["finished"] = s.IsFinished,
        })];
        JsonArray breakers = [.. http.RequestServices.GetRequiredService<CircuitBreakers>().Open.Select(b => (JsonNode)new JsonObject
        {
            ["connection"] = b.Connection,
            ["state"] = b.State,
            ["failures"] = b.Failures,
            ["until"] = b.Until.ToString("O", CultureInfo.InvariantCulture),
        })];
        return Text(new JsonObject { ["feeds"] = feeds, ["breakers"] = breakers }, StatusCodes.Status200OK);
    }

    private static async Task<IResult> BackfillAsync(string connection, string eventType, DateTimeOffset since, HttpContext http)
    {
        try
        {
            return await http.RequestServices.GetRequiredService<PollLoop>().BackfillAsync(connection, eventType, since, http.RequestAborted)
                ? Text(new JsonObject { ["connection"] = connection, ["event"] = eventType, ["since"] = since.ToString("O", CultureInfo.InvariantCulture) }, StatusCodes.Status200OK)
                : Text(new JsonObject { ["error"] = $"Connection '{connection}' has no feed '{eventType}' that can be read back." }, StatusCodes.Status404NotFound);
        }
        catch (StoreUnavailableException e)
        {
            return Text(new JsonObject { ["error"] = e.Message }, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static IResult Text(JsonNode node, int status) => Results.Text(Output.HostJson.OneLine(node), "application/json", statusCode: status);
}
