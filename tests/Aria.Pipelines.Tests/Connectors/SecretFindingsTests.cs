using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Tests.Compilation;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>What a host is told about secrets before it starts: a missing one stops it, an expired one does not.</summary>
public sealed class SecretFindingsTests : IDisposable
{
    private readonly WorkspaceFolder _workspace = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, string> _secrets = new[] { "id", "secret", "hook", "key" }.ToDictionary(n => n, n => $"value of {n}");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Start_OldSecretHasExpiredAndIsGoneFromTheHost_NothingIsMissing()
    {
        With("[\"${secret:key}\", { \"secret\": \"${secret:old-key}\", \"notAfter\": \"2026-12-30T23:59:59Z\" }]");

        Findings().ShouldBeEmpty();
    }

    [Fact]
    public void Start_OldSecretIsStillUsedAndNotThere_IsMissing()
    {
        With("[\"${secret:key}\", { \"secret\": \"${secret:old-key}\", \"notAfter\": \"2026-12-31T00:00:00Z\" }]");

        Findings().ShouldHaveSingleItem().ShouldBe(
            "error secret_not_found: Secret 'old-key', the setting 'apiKey' of connection 'aria', is missing or empty. Provide it here: entry 'old-key' of the secrets in memory.");
    }

    [Fact]
    public void Start_AllSecretsOfASettingHaveExpired_IsAWarningWithItsPlaceSoThatOtherConnectionsGoOn()
    {
        With("{ \"secret\": \"${secret:key}\", \"notAfter\": \"2026-12-31T00:59:59+01:00\" }");

        Findings().ShouldHaveSingleItem().ShouldBe(
            "pipelines/connections/aria.json(1,48): warning secret_expired: Secret 'key', the setting 'apiKey' of connection 'aria', expired at 2026-12-30T23:59:59Z. " +
            "Write \"${secret:name}\" of the one that replaces it, or a later 'notAfter' if the system still takes it.");
    }

    private void With(string key) => _workspace.With("connections/aria.json", WorkspaceFolder.Aria.Replace("\"${secret:key}\"", key, StringComparison.Ordinal));

    private string[] Findings()
    {
        Workspace workspace = _workspace.Compile();
        workspace.Findings.Where(f => f.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        return [.. AriaEngine.MissingSecrets(workspace, new MemorySecretSource(_secrets), _time).Select(f => f.ToString())];
    }
}
