using System.Globalization;

namespace Aria.Pipelines.Faults.Reload;

/// <summary>A workspace of one pipeline that changes. Version k has the steps <c>a_k</c>, a wait, and <c>b_k</c>.</summary>
internal sealed class ChangingWorkspace
{
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(120);
    private readonly string _folder;
    private readonly HashSet<string> _valid = [];
    private string _name = "changing";
    private int _version;
    private bool _broken;

    public ChangingWorkspace(string folder)
    {
        _folder = folder;
        foreach (string other in (string[])["every-class", "opened-settled", "tell-once"])
        {
            Directory.Delete(Path.Combine(folder, other), recursive: true);
        }
        Write(Next());
    }

    private string File => Path.Combine(_folder, _name, "pipeline.json");

    /// <summary>Whether a version was ever written without a mistake.</summary>
    public bool WasValid(string version) => _valid.Contains(version);

    /// <summary>Makes a change. One that is not possible now (a folder that is gone cannot be renamed) becomes a valid one.</summary>
    /// <returns>What was done.</returns>
    public async Task<WorkspaceChange> MakeAsync(WorkspaceChange change, CancellationToken cancellationToken)
    {
        bool exists = Directory.Exists(Path.Combine(_folder, _name));
        if ((!exists || _broken) && change is (WorkspaceChange.Deleted or WorkspaceChange.Renamed))
        {
            change = WorkspaceChange.Valid;
        }
        _broken = change == WorkspaceChange.Invalid;
        switch (change)
        {
            case WorkspaceChange.Invalid:
                Write(Next(valid: false));
                break;
            case WorkspaceChange.HalfWritten:
                string text = Next();
                Write(text[..(text.Length / 2)]);
                await Task.Delay(Half, TimeProvider.System, cancellationToken);
                Write(text);
                break;
            case WorkspaceChange.Deleted:
                Directory.Delete(Path.Combine(_folder, _name), recursive: true);
                break;
            case WorkspaceChange.Renamed:
                string name = string.Create(CultureInfo.InvariantCulture, $"changing-{_version}");
                Directory.Move(Path.Combine(_folder, _name), Path.Combine(_folder, name));
                _name = name;
                _version++;
                break;
            default:
                Write(Next());
                break;
        }
        return change;
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text);
    }

    private string Next(bool valid = true)
    {
        string version = (++_version).ToString(CultureInfo.InvariantCulture);
        if (valid)
        {
            _valid.Add(version);
        }
        string operation = valid ? "put" : "puts";
        return $$$"""
            {
              "connections": { "target": "target" },
              "triggers": [ { "on": "target.order.opened" } ],
              "steps": [
                { "id": "a_{{{version}}}", "action": "target.thing.{{{operation}}}", "with": { "event": "{{ event.id }}", "number": "{{ event.number }}", "step": "a_{{{version}}}", "text": "{{ event.text }}" } },
                { "id": "wait", "await": { "on": ["target.order.settled"], "match": { "order": "{{ event.order }}" }, "timeout": "10m" } },
                { "id": "b_{{{version}}}", "action": "target.thing.keyed", "with": { "event": "{{ event.id }}", "number": "{{ event.number }}", "step": "b_{{{version}}}", "text": "{{ event.text }}" } }
              ]
            }
            """;
    }
}
