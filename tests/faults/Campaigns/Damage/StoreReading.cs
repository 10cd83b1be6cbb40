using System.Globalization;
using System.Text;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Faults.Campaigns.Damage;

/// <summary>Everything that a store serves, as text, and what it refused to serve.</summary>
/// <param name="Refused">Why it did not open; null when it did.</param>
/// <param name="Runs">Each run in full, or the error that was raised instead of it.</param>
/// <param name="Errors">What was not served, and said so.</param>
internal sealed record StoreReading(Exception? Refused, IReadOnlyDictionary<string, string> Runs, IReadOnlyList<Exception> Errors)
{
    public static StoreIdentity Identity { get; } = new("default", InProcess.SmallWorkspace.Environment);

    /// <summary>Opens a data file and reads all of it.</summary>
    public static async Task<StoreReading> OfAsync(string file, MasterKey key, TimeProvider time)
    {
        var runs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        List<Exception> errors = [];
        SqliteStore store;
        try
        {
            store = await SqliteStore.OpenAsync(file, Identity, key, time, default);
        }
        catch (Exception e)
        {
            return new StoreReading(e, runs, errors);
        }
        await using (store)
        {
            try
            {
                runs["$counts"] = Text(await store.CountAsync(default));
                foreach (RunSummary run in await store.ListRunsAsync(new RunQuery(null, null, 10_000), default))
                {
                    runs[run.Id] = await RunAsync(store, run.Id, errors);
                }
            }
            catch (Exception e)
            {
                errors.Add(e);
            }
        }
        return new StoreReading(null, runs, errors);
    }

    private static async Task<string> RunAsync(SqliteStore store, string id, List<Exception> errors)
    {
        try
        {
            RunDetail run = (await store.FindRunAsync(id, default))!;
            string definition = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await store.ReadDefinitionAsync(run.Run.DefinitionHash, default) ?? []));
            return Text(run) + definition;
        }
        catch (Exception e)
        {
            errors.Add(e);
            return "";
        }
    }

    private static string Text(StoreCounts c) => string.Create(
        CultureInfo.InvariantCulture, $"{Text(c.Events)} {Text(c.Runs)} {Text(c.Effects)} {c.DuplicateDeliveries}");

    private static string Text(IReadOnlyDictionary<string, long> counts) => string.Join(',', counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));

    private static string Text(RunDetail run)
    {
        var text = new StringBuilder();
        text.Append(run.Run).Append(run.Event with { Body = [] }).Append(Text(run.Event.Body)).Append(Text(run.Diagnostic));
        foreach (StepRecord s in run.Steps)
        {
            text.Append(s with { Output = null, Error = null }).Append(Text(s.Output)).Append(Text(s.Error));
        }
        foreach (EffectRecord e in run.Effects)
        {
            text.Append(e with { Input = [], Request = [], Output = null }).Append(Text(e.Input)).Append(Text(e.Request)).Append(Text(e.Output));
        }
        foreach (AttemptRecord a in run.Attempts)
        {
            text.Append(a with { Response = null }).Append(Text(a.Response));
        }
        return text.ToString();
    }

    private static string Text(byte[]? bytes) => bytes is null ? "-" : Convert.ToHexString(bytes);
}
