using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria doctor</c>: examines a host, or what a stopped one left.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var invariants = new Option<bool>("--invariants") { Description = "Check what is recorded against the invariants I1 to I9, in the running host or in its files when it is stopped" };
        Command command = CommonOptions.AddTo(
            new Command("doctor", "Examine what a data folder records; nothing is changed"), invariants, options.Data, options.Environment, options.Secrets, options.Json);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(invariants))
            {
                result.AddError("Say what to examine: --invariants.");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
            InspectAsync(options.Engine(parsed), parsed.GetValue(options.Secrets), parsed.GetValue(options.Json), cancellationToken));
        return command;
    }

    private static async Task<int> InspectAsync(EngineOptions options, string? secretsFolder, bool json, CancellationToken cancellationToken)
    {
        try
        {
            JsonArray findings = await OfHostAsync(options.Data, cancellationToken) ?? await OfFilesAsync(options, secretsFolder, cancellationToken);
            foreach (JsonNode finding in json ? [] : findings.OfType<JsonNode>())
            {
                Write(finding);
            }
            if (json)
            {
                Console.WriteLine(HostJson.Pretty(findings));
            }
            return findings.All(f => (bool)f!["holds"]!) ? ExitCode.Good : ExitCode.Failure;
        }
        catch (Exception e) when (e is OperatorRefusedException or StoreInUseException or StoreMismatchException or StoreVersionException or StoreDamagedException or StoreUnavailableException
            or MasterKeyException or ContentIntegrityException or IOException or UnauthorizedAccessException)
        {
            Terminal.Fail(e.Message);
            return ExitCode.Failure;
        }
    }

    private static async Task<JsonArray?> OfHostAsync(string data, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new ControlClient(data);
            (bool good, JsonNode answer) = await client.AskAsync(HttpMethod.Get, "invariants", cancellationToken);
            return good ? answer.AsArray() : throw new StoreUnavailableException((string?)answer["error"] ?? HostJson.OneLine(answer));
        }
        catch (HttpRequestException e)
        {
            return RunningHost.IsDenied(e) ? throw new StoreUnavailableException(RunningHost.NoAnswer(data, e)) : null;
        }
    }

    private static async Task<JsonArray> OfFilesAsync(EngineOptions options, string? secretsFolder, CancellationToken cancellationToken)
    {
        ISecretSource secrets = CommonOptions.SecretsOf(options.Environment, secretsFolder);
        return OperatorReport.Invariants(await StoreKinds.InspectAsync(
            options.Data, new StoreIdentity(options.Tenant, options.Environment), MasterKey.FromSecrets(secrets, StoreKinds.Find(options.Data)), cancellationToken));
    }

    private static void Write(JsonNode finding)
    {
        Console.WriteLine($"{(string?)finding["id"]} {((bool)finding["holds"]! ? "holds   " : "VIOLATED")} {(string?)finding["promise"]}");
        foreach (JsonNode violation in finding["violations"]!.AsArray().OfType<JsonNode>())
        {
            Console.WriteLine($"     {violation.GetValue<string>()}");
        }
        if ((long)finding["count"]! is > InvariantFinding.MaxNamed and var count)
        {
            Console.WriteLine($"     … and {count - InvariantFinding.MaxNamed} more");
        }
    }
}
