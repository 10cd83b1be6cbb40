using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>
/// Makes the checks that connectors declare against live accounts. All that the core knows of a check's answer is the form of a finding:
/// <c>setting</c> (which one, as a path: <c>fields.score</c>), <c>message</c>, and optionally <c>value</c> with the <c>known</c> ones for
/// "did you mean", and <c>severity</c> (error unless it says warning).
/// </summary>
internal sealed class ConnectionChecks(IOperationClient client)
{
    private static readonly JsonElement NoInput = JsonElement.Parse("{}");

    /// <summary>Makes all checks of a connection, one after the other. What cannot be asked is a finding too, never an exception.</summary>
    public async Task CheckAsync(Connection connection, DiagnosticBag bag, CancellationToken cancellationToken)
    {
        foreach (ConnectorOperation check in connection.Connector.Checks)
        {
            Preparation prepared = await client.PrepareAsync(connection, check, NoInput, "", cancellationToken).ConfigureAwait(false);
            if (prepared.Frozen is not { } frozen)
            {
                Unprepared(connection, check, prepared, bag);
                continue;
            }
            OperationAnswer answer = await client.SendAsync(connection, check, NoInput, frozen, null, cancellationToken).ConfigureAwait(false);
            if (answer.Output is not { } output)
            {
                NotMade(connection, check, answer.Message ?? "its answer could not be understood", "", DiagnosticFault.Connector, bag);
            }
            else if (output.ValueKind == JsonValueKind.Array)
            {
                Report(connection, output, bag);
            }
        }
    }

    private static void Unprepared(Connection connection, ConnectorOperation check, Preparation prepared, DiagnosticBag bag)
    {
        if (prepared.Problem is { } problem)
        {
            string mend = problem.Code switch
            {
                // It says itself what to check, and permissions are asked for only after it.
                "token_refused" => "",
                "unauthorized" => $"Check {connection.CredentialSettings} of this connection.",
                _ => check.Scopes.Count == 0 ? "" : $"The account needs the permissions {string.Join(", ", check.Scopes)}.",
            };
            NotMade(connection, check, problem.Summary, mend, problem.Fault, bag);
            return;
        }
        (string why, string advice) = prepared.RetryCode is "rate_limited"
            ? ("the system is over its request limit", "Try again in a minute.")
            : ($"the system gave no answer ({prepared.RetryCode ?? "unknown"})", "Is it reachable from this machine, and are the addresses in the settings right?");
        NotMade(connection, check, why, advice, DiagnosticFault.Remote, bag);
    }

    private static void NotMade(Connection connection, ConnectorOperation check, string why, string advice, DiagnosticFault fault, DiagnosticBag bag) =>
        bag.Error(ConnectorCodes.NotChecked, connection.Place(""), $"Check '{check.Name}' of connection '{connection.Id}' could not be made: {why.TrimEnd('.')}.", advice, fault);

    private static void Report(Connection connection, JsonElement findings, DiagnosticBag bag)
    {
        foreach (JsonElement finding in findings.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.Object))
        {
            SourcePosition at = connection.Place(Text(finding, "setting"));
            string[] known = finding.TryGetProperty("known", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(k => k.ToString())] : [];
            string hint = Text(finding, "value") is { Length: > 0 } value && known.Length > 0 ? Suggestion.For(value, known) : "";
            if (Text(finding, "severity") == "warning")
            {
                bag.Warning(ConnectorCodes.AccountDiffers, at, Text(finding, "message"), hint, DiagnosticFault.Operator);
            }
            else
            {
                bag.Error(ConnectorCodes.AccountDiffers, at, Text(finding, "message"), hint, DiagnosticFault.Operator);
            }
        }
    }

    private static string Text(JsonElement finding, string name) => finding.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
