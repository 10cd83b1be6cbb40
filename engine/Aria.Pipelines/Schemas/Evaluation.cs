using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Schemas;

/// <summary>
/// One validation of one value: its limits, its dynamic scope, where in the value it is, and its findings.
/// A quiet run only answers yes or no, stops at the first no, and does not track where it is.
/// </summary>
internal sealed class Evaluation(SchemaOptions options, bool reports)
{
    private const int MaxFindings = 100;

    private readonly List<string> _path = [];
    private readonly long _start = options.Clock.GetTimestamp();
    private List<SchemaFinding> _findings = [];
    private SchemaResource[] _scope = new SchemaResource[16];
    private bool _reports = reports;
    private int _depth;
    private long _steps;
    private long _nextLook = 1024;

    /// <summary>True while findings are wanted.</summary>
    public bool Reports => _reports && _findings.Count < MaxFindings;

    /// <summary>The limit that ended the run; null while none did. No answer of the run counts afterwards.</summary>
    public SchemaFinding? Stopped { get; private set; }

    public IReadOnlyList<SchemaFinding> Findings => _findings;

    /// <summary>The resources entered, outermost first.</summary>
    public ReadOnlySpan<SchemaResource> Scope => _scope.AsSpan(0, _depth);

    /// <summary>How many steps the current place is below the whole value; only while findings are wanted.</summary>
    public int PathLength => _path.Count;

    private string InstancePointer => string.Concat(_path.Select(segment => $"/{SourceDocument.Escape(segment)}"));

    /// <summary>Enters a schema; false when a limit is reached. Pairs with <see cref="Leave"/> when true.</summary>
    public bool Enter(SchemaNode node, int keywords)
    {
        _steps += keywords;
        if (Stopped is not null || IsOverLimit(node))
        {
            return false;
        }
        if (_depth == _scope.Length)
        {
            Array.Resize(ref _scope, _scope.Length * 2);
        }
        _scope[_depth++] = node.Resource;
        return true;
    }

    public void Leave() => _depth--;

    /// <summary>Adds a finding about the current place, if findings are wanted.</summary>
    /// <returns>False, for the keyword to return.</returns>
    public bool Fail(string location, string message)
    {
        if (Reports)
        {
            _findings.Add(new SchemaFinding(InstancePointer, location, message));
        }
        return false;
    }

    /// <summary>Adds a finding about a property of the current place.</summary>
    /// <returns>False, for the keyword to return.</returns>
    public bool FailAt(string property, string location, string message)
    {
        _path.Add(property);
        Fail(location, message);
        _path.RemoveAt(_path.Count - 1);
        return false;
    }

    /// <summary>Adds findings made by <see cref="Collect"/>.</summary>
    public void Fail(IEnumerable<SchemaFinding> findings) => _findings.AddRange(findings.Take(MaxFindings - _findings.Count));

    /// <summary>Checks a property's value.</summary>
    public bool CheckProperty(SchemaNode node, JsonProperty property)
    {
        if (!Reports)
        {
            return node.Check(property.Value, this);
        }
        return CheckAt(node, property.Value, property.Name);
    }

    /// <summary>Checks an item of an array.</summary>
    public bool CheckItem(SchemaNode node, JsonElement item, int index)
    {
        if (!Reports)
        {
            return node.Check(item, this);
        }
        return CheckAt(node, item, index.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Checks without findings, and with what was covered only on success: for branches that may fail.</summary>
    public bool CheckQuietly(SchemaNode node, JsonElement instance, Coverage? coverage)
    {
        bool before = _reports;
        _reports = false;
        bool fits = node.Check(instance, this, coverage);
        _reports = before;
        return fits;
    }

    /// <summary>The findings of one branch, apart from those of the run.</summary>
    public List<SchemaFinding> Collect(SchemaNode node, JsonElement instance, Coverage? coverage)
    {
        List<SchemaFinding> own = _findings;
        _findings = [];
        node.Check(instance, this, coverage);
        (List<SchemaFinding> collected, _findings) = (_findings, own);
        return collected;
    }

    /// <summary>Matches a pattern; false and stopped when it takes too long.</summary>
    public bool Matches(Regex pattern, string text, string location)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            Stop(location, $"limit.pattern: a match took more than {pattern.MatchTimeout.TotalMilliseconds} ms; simplify the pattern or limit the length first");
            return false;
        }
        finally
        {
            _nextLook = 0;
        }
    }

    /// <summary>The finding of a string that holds half of a surrogate pair, at the current place.</summary>
    public SchemaFinding NotUnicode() => new(InstancePointer, "", "Holds text that is not valid Unicode (half of a surrogate pair)");

    private bool CheckAt(SchemaNode node, JsonElement value, string segment)
    {
        _path.Add(segment);
        bool fits = node.Check(value, this);
        _path.RemoveAt(_path.Count - 1);
        return fits;
    }

    private bool IsOverLimit(SchemaNode node)
    {
        if (_depth >= options.MaxDepth)
        {
            Stop(node.Place.Location, $"limit.depth: the schema was entered more than {options.MaxDepth} levels deep; it may refer to itself");
        }
        else if (_steps > options.MaxSteps)
        {
            Stop(node.Place.Location, $"limit.steps: the validation took more than {options.MaxSteps} steps; the value is too large for this schema");
        }
        else if (_steps >= _nextLook)
        {
            _nextLook = _steps + 1024;
            if (options.Clock.GetElapsedTime(_start) > options.TimeLimit)
            {
                Stop(node.Place.Location, $"limit.time: the validation took more than {options.TimeLimit.TotalMilliseconds} ms");
            }
        }
        return Stopped is not null;
    }

    private void Stop(string location, string message) => Stopped ??= new SchemaFinding(InstancePointer, location, message);
}
