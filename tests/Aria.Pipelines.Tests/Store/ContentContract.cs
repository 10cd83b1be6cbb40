using System.Text;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public abstract class ContentContract : StoreContract
{
    [Fact]
    public async Task Files_RawBytes_HoldNoContentInTheClear()
    {
        string[] canaries = ["CanaryBody", "CanarySubject", "CanaryHeader", "CanaryValue", "CanaryKey", "CanaryStep", "CanaryError", "CanaryInput",
            "CanaryRequest", "CanaryIdem", "CanaryOutput", "CanaryReference", "CanaryResponse", "CanaryFinding", "CanaryOnce", "CanaryMatch"];
        IncomingEvent e = Event("CanarySubject", key: "CanaryKey", body: "CanaryBody", correlation: Keys(("id", "CanaryValue")));
        await Store.AcceptAsync(new Acceptance("greenhouse", "webhook", Now, "CanaryHeader"u8.ToArray(), [e]), Stop);
        RunLease lease = await LeaseOneAsync();
        await Store.SaveStepAsync(lease, Step("a", output: "CanaryStep") with { Error = "CanaryError"u8.ToArray() }, Stop);
        EffectRecord effect = await Store.PlanEffectAsync(
            lease, Effect() with { Input = "CanaryInput"u8.ToArray(), Request = "CanaryRequest"u8.ToArray(), IdempotencyKey = "CanaryIdem" }, Stop);
        await BeginAsync(lease, effect);
        var result = new AttemptResult(effect.Id, 1, EffectState.Confirmed, "confirmed", 200, TimeSpan.Zero, Code: null,
            "CanaryOutput"u8.ToArray(), "CanaryReference", "CanaryResponse"u8.ToArray(), Now);
        await Store.EndAttemptAsync(lease, result, step: null, Stop);
        await Store.ClaimOnceAsync(lease, "interview", "CanaryOnce", Now, Now.AddDays(1), Stop);
        await ParkAsync(lease, "CanaryMatch", TimeSpan.Zero);
        await Store.ReleaseAsync(await LeaseOneAsync(), new RunTransition(RunState.Dead, null, "x", "CanaryFinding"u8.ToArray(), Now), Stop);
        RunDetail run = (await Store.FindRunAsync(lease.RunId, Stop)).ShouldNotBeNull();
        run.Diagnostic.ShouldBe("CanaryFinding"u8.ToArray());

        string open = ReadFiles();
        await ReopenAsync();
        string closed = ReadFiles();

        open.ShouldContain("greenhouse", Case.Sensitive, "the search itself works");
        canaries.Where(canary => open.Contains(canary, StringComparison.Ordinal) || closed.Contains(canary, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Secret_Kept_SurvivesAKillAndIsNowhereInTheClear()
    {
        var stored = new StoredSecrets(Store, Time);
        await stored.KeepAsync(Account, "refreshToken", "given-1", "CanaryToken");
        await stored.KeepAsync(Account, "refreshToken", "given-1", "CanaryNext");
        ReadFiles().ShouldNotContain("Canary");

        await KillAndReopenAsync();
        stored = new StoredSecrets(Store, Time);

        (await stored.FindAsync(Account, "refreshToken", "given-1", Stop)).ShouldBe("CanaryNext");
        (await stored.FindAsync(Account, "refreshToken", "given-2", Stop)).ShouldBe("given-2", "another one was given since");
        (await stored.FindAsync(Account, "other", null, Stop)).ShouldBeNull();
    }

    private static Connection Account { get; } = Connectors.Plugins.Connect(Connectors.Plugins.Aria, id: "ats");

    private string ReadFiles() =>
        string.Concat(Directory.GetFiles(Folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(ReadShared));

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
