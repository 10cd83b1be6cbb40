using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims.Api;

/// <summary>Reads <c>{"filters":[{"name","value","secondaryValue","operator"}],"operator":"&amp;|","children":[…]}</c>; refuses in the vendor's words.</summary>
internal static class SearchFilters
{
    private static readonly string[] Operators = ["=", "==", "!=", "!==", "<", ">", "<=", ">="];

    public static Func<long, bool> Read(string type, JsonObject group, Account account)
    {
        foreach (string unknown in group.Select(m => m.Key).Except(["filters", "operator", "children"]))
        {
            throw ICimsError.Of(400, $"The following attribute is unrecognized: [{unknown}]");
        }

        Func<long, bool>[] parts =
        [
            .. Items(group, "filters").Select(f => ReadOne(type, f, account)),
            .. Items(group, "children").Select(c => Read(type, c, account)),
        ];
        if (parts.Length == 0)
        {
            throw ICimsError.Of(400, "At least one filter must be specified");
        }

        return (SandboxJson.Text(group["operator"]) ?? "&") switch
        {
            "&" => id => Array.TrueForAll(parts, p => p(id)),
            "|" => id => Array.Exists(parts, p => p(id)),
            string other => throw NotHere(other),
        };
    }

    private static Func<long, bool> ReadOne(string type, JsonObject filter, Account account)
    {
        foreach (string unknown in filter.Select(m => m.Key).Except(["name", "value", "secondaryValue", "operator"]))
        {
            throw ICimsError.Of(400, $"The following attribute is unrecognized: [{unknown}]");
        }

        string name = SandboxJson.Text(filter["name"]) ?? "";
        string[] values = Values(filter, "value");
        string op = SandboxJson.Text(filter["operator"]) ?? "=";
        if (!Operators.Contains(op))
        {
            throw NotHere(op);
        }

        return (type, name) switch
        {
            ("applicantworkflows", "applicantworkflow.id") or ("people", "person.id") or ("jobs", "job.id") => Number(id => id, op, values),
            ("applicantworkflows", "applicantworkflow.job.id") => Number(id => account.Workflows[id].Job.Id, op, values),
            ("applicantworkflows", "applicantworkflow.person.id") => Number(id => account.Workflows[id].Person.Id, op, values),
            ("applicantworkflows", "applicantworkflow.status") => Node(id => account.Workflows[id].Status.Id, op, values),
            ("applicantworkflows", "applicantworkflow.updateddate") => Date(id => account.Workflows[id].UpdatedAt, op, values, Values(filter, "secondaryValue")),
            _ => throw ICimsError.Of(400, $"The following filter is either not valid or hidden: [{name}]"),
        };
    }

    private static Func<long, bool> Number(Func<long, long> of, string op, string[] values)
    {
        long[] wanted = [.. values.Select(v => long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : -1)];
        return op switch
        {
            "=" or "==" => id => wanted.Contains(of(id)),
            "!=" or "!==" => id => !wanted.Contains(of(id)),
            "<" => id => Array.Exists(wanted, w => of(id) < w),
            ">" => id => Array.Exists(wanted, w => of(id) > w),
            "<=" => id => Array.Exists(wanted, w => of(id) <= w),
            _ => id => Array.Exists(wanted, w => of(id) >= w),
        };
    }

    /// <summary>A node that does not exist finds nothing.</summary>
    private static Func<long, bool> Node(Func<long, string> of, string op, string[] values) => op switch
    {
        "=" or "==" => id => values.Contains(of(id)),
        "!=" or "!==" => id => !values.Contains(of(id)),
        _ => throw NotHere(op),
    };

    /// <summary>From and to in minutes, both included. A boundary that is badly written is ignored without a word.</summary>
    private static Func<long, bool> Date(Func<long, DateTimeOffset> of, string op, string[] values, string[] until)
    {
        DateTimeOffset? first = values is [string a, ..] ? ICimsDate.TryRead(a) : null;
        DateTimeOffset? last = until is [string b, ..] ? ICimsDate.TryRead(b) : null;
        return op switch
        {
            "=" or "==" => id => (first is null || ICimsDate.Minute(of(id)) >= first) && (last is null || ICimsDate.Minute(of(id)) <= last),
            ">" => id => first is null || ICimsDate.Minute(of(id)) > first,
            ">=" => id => first is null || ICimsDate.Minute(of(id)) >= first,
            "<" => id => first is null || ICimsDate.Minute(of(id)) < first,
            "<=" => id => first is null || ICimsDate.Minute(of(id)) <= first,
            _ => throw NotHere(op),
        };
    }

    private static string[] Values(JsonObject filter, string name) => filter[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select(v => v?.ToString() ?? "")],
        _ => throw ICimsError.Of(400, "An unknown parsing error occurred"),
    };

    private static IEnumerable<JsonObject> Items(JsonObject group, string name) => group[name] switch
    {
        null => [],
        JsonArray list => list.Select(i => i as JsonObject ?? throw ICimsError.Of(400, "An unknown parsing error occurred")),
        _ => throw ICimsError.Of(400, "An unknown parsing error occurred"),
    };

    private static RefusedException NotHere(string op) => ICimsError.Of(400, $"The following operator is not valid in the given context: [{op}]");
}
