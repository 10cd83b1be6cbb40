using System.Text.Json;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary>A host process: when it does not start, and what its log looks like whatever is in it.</summary>
public sealed class HostStartTests : IDisposable
{
    private const string MasterKey = "ARIA_SECRET_DEMO_MASTER_KEY";

    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    private static readonly Dictionary<string, string> Secrets = new()
    {
        [MasterKey] = Key(3),
        ["ARIA_SECRET_DEMO_GREENHOUSE_CLIENT_ID"] = "greenhouse-sandbox-client",
        ["ARIA_SECRET_DEMO_GREENHOUSE_CLIENT_SECRET"] = "greenhouse-sandbox-secret",
        ["ARIA_SECRET_DEMO_GREENHOUSE_WEBHOOK"] = GreenhouseDemo.HookSecret,
        ["ARIA_SECRET_DEMO_ARIA_API_KEY"] = "aria-sandbox-key",
        ["ARIA_SECRET_DEMO_ARIA_WEBHOOK"] = DemoWorkspace.AriaHookSecret,
    };

    private readonly LoopWorkspace _workspace = new(Nobody, Nobody, Nobody);

    private string[] Start => ["run", "--workspace", _workspace.Folder, "--data", _workspace.Data, "--store", _workspace.Store, "--environment", DemoWorkspace.Environment, "--urls", "http://127.0.0.1:0"];

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("litedb")]
    public async Task Run_WithAnotherMasterKey_SaysSoListensNowhereAndLeavesTheStoreToTheRightOne(string store)
    {
        _workspace.Store = store;
        (AriaProcess first, _) = await AriaProcess.StartAsync(Secrets, Start);
        await using (first)
        {
            (await first.StopAsync()).ShouldBe(0, first.Errors);
        }

        (int code, string output, string errors) = await AriaProcess.RunAsync(new Dictionary<string, string>(Secrets) { [MasterKey] = Key(4) }, Start);

        (code, output).ShouldBe((1, ""));
        errors.ShouldContain("The master key is not the one this store was made with (tenant 'default', environment 'demo')");
        errors.ShouldNotContain("Now listening");
        errors.ShouldNotContain("   at ");
        errors.ShouldNotContain(Key(3));
        errors.ShouldNotContain(Key(4));
        (AriaProcess again, _) = await AriaProcess.StartAsync(Secrets, Start);
        await using (again)
        {
            (await again.StopAsync()).ShouldBe(0, again.Errors);
        }
    }

    [Fact]
    public async Task Log_OfTextWithLineBreaksAndControls_IsOneLineOfJsonForEachRecord()
    {
        const string Evil = "a\r\n{\"EventId\":1}\u001b[31m\u2028\u0085\u0000z";
        (AriaProcess host, _) = await AriaProcess.StartAsync(Secrets, [.. Start, "--watch"]);
        await using (host)
        {
            _workspace.Edit("invite-by-stage/pipeline.json", pipeline => pipeline[Evil] = 1);

            // The finding names the property that it does not know.
            await Eventually.GetAsync(() => Task.FromResult(host.Errors.Contains("\"EventId\":3003", StringComparison.Ordinal) ? "" : null), "the finding is logged");
            (await host.StopAsync()).ShouldBe(0);

            string[] lines = [.. host.Errors.TrimEnd('\n').Split('\n')];
            JsonElement[] records = [.. lines.Select(l => JsonElement.Parse(l))];
            records.Where(r => r.GetProperty("EventId").GetInt32() == 3003).ShouldHaveSingleItem().GetProperty("Message").GetString().ShouldNotBeNull().ShouldContain(Evil);
            lines.ShouldAllBe(l => !l.Any(c => char.IsControl(c) || c == '\u2028'));
        }
    }

    private static string Key(byte filling) => Convert.ToBase64String([.. Enumerable.Repeat(filling, 32)]);
}
