using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.EndToEnd.Tests;

/// <summary>A connector with a DLL, from its signed CSV delivery to its HTTP API.</summary>
public sealed class SampleTests
{
    private const string HookSecret = "sample hook";

    [Fact]
    public async Task Pipeline_CsvDelivery_NotesEveryLineOnce()
    {
        var notes = new ConcurrentDictionary<string, string>();
        await using WebApplication vendor = await VendorAsync(notes);
        string folder = Copy(Path.Combine(Repository.Root, "tests/Aria.Pipelines.EndToEnd.Tests/Workspaces/sample"));
        string environment = Path.Combine(folder, "environments/test.json");
        await File.WriteAllTextAsync(environment, (await File.ReadAllTextAsync(environment, Token)).Replace("http://127.0.0.1:1", Address(vendor), StringComparison.Ordinal), Token);
        var secrets = new MemorySecretSource(new Dictionary<string, string> { ["sample-key"] = "key-1", ["sample-hook"] = HookSecret });
        var options = new EngineOptions { Workspace = folder, Plugins = Repository.Plugins, Data = Path.Combine(folder, "data"), Environment = "test" };
        (AriaEngine? engine, IReadOnlyList<Abstractions.Diagnostic> findings) = await AriaEngine.OpenAsync(options, secrets, MasterKey.Ephemeral(), TimeProvider.System, Token);
        engine.ShouldNotBeNull(string.Join('\n', findings));
        await using WebApplication host = HostServer.Build(engine, "http://127.0.0.1:0", null, LogLevel.Warning);
        await host.StartAsync(Token);
        byte[] csv = await File.ReadAllBytesAsync(Path.Combine(Repository.Plugins, "Sample/samples/applied.csv"), Token);

        using var http = new HttpClient();
        for (int i = 0; i < 3; i++)
        {
            using HttpRequestMessage delivery = Delivery(new Uri(new Uri(Address(host)), "/hooks/sample"), csv);
            ((int)(await http.SendAsync(delivery, Token)).StatusCode).ShouldBe(200);
        }

        IReadOnlyList<RunSummary> runs = await Eventually.GetAsync<IReadOnlyList<RunSummary>>(
            async () => await engine.Store.ListRunsAsync(new RunQuery(null, RunState.Succeeded, 10), Token) is { Count: 2 } done ? done : null, "two runs succeeded");
        runs.Count.ShouldBe(2);
        notes.Values.Order(StringComparer.Ordinal).ShouldBe(["Ada O'Brien, PhD applied for Warehouse Associate", "Lin Zhou applied for Warehouse Associate"]);
        (await engine.Store.CountAsync(Token)).DuplicateDeliveries.ShouldBe(4);
        await host.StopAsync(Token);
        await engine.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The invented vendor: notes are put under ids of the caller's choice, for whoever has the key.</summary>
    private static async Task<WebApplication> VendorAsync(ConcurrentDictionary<string, string> notes)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapPut("/v1/applications/{application}/notes/{note}", async (string application, string note, HttpRequest request) =>
        {
            if (request.Headers.Authorization != "Bearer key-1")
            {
                return Results.Json(new JsonObject { ["error"] = "bad key" }, statusCode: 401);
            }
            JsonNode body = (await JsonNode.ParseAsync(request.Body))!;
            notes[$"{application}/{note}"] = body["text"]!.GetValue<string>();
            return Results.Json(new JsonObject { ["id"] = note });
        });
        await app.StartAsync(Token);
        return app;
    }

    private static HttpRequestMessage Delivery(Uri url, byte[] csv)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(csv) };
        request.Content.Headers.ContentType = new("text/csv");
        request.Headers.Add("X-Sample-Signature", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(HookSecret), csv)));
        return request;
    }

    private static string Address(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static string Copy(string source)
    {
        string target = Directory.CreateTempSubdirectory("aria-sample-").FullName;
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }
}
