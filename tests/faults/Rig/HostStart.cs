namespace Aria.Pipelines.Faults.Rig;

/// <summary>How a host is started, when not in the plain way.</summary>
internal sealed record HostStart
{
    /// <summary>The build of the host that <c>--host</c> names; null for the one beside this program.</summary>
    public static string? Given { get; set; }

    /// <summary>The program; another build of it may have fault points.</summary>
    public string Program { get; init; } = Given ?? Path.Combine(AppContext.BaseDirectory, "aria.dll");

    /// <summary>Shell commands before the host replaces the shell: <c>ulimit -n 128</c>.</summary>
    public string Before { get; init; } = "";

    /// <summary>A command that starts the host with the process id that the shell had: <c>strace -D …</c>.</summary>
    public string Under { get; init; } = "";

    /// <summary>Variables besides the secrets.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Another data folder than the testbed's.</summary>
    public string? Data { get; init; }

    /// <summary>Another port than the testbed's.</summary>
    public int? Port { get; init; }
}
