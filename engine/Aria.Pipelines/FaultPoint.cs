using System.Diagnostics;
using System.Globalization;

namespace Aria.Pipelines;

/// <summary>
/// Named places between two transitions at which the fault campaigns end the process. Calls are compiled in only with
/// <c>-p:FaultPoints=true</c>; the variable <c>ARIA_FAULTPOINT=effect.after_send:3</c> then names the place and the how manieth arrival ends it.
/// </summary>
internal static class FaultPoint
{
    private static readonly string[] Asked = (Environment.GetEnvironmentVariable("ARIA_FAULTPOINT") ?? "").Split(':');
    private static int _left = Asked.Length == 2 ? int.Parse(Asked[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>Says that the process is at this place; it may end here.</summary>
    [Conditional("FAULTPOINTS")]
    public static void Reach(string name)
    {
        if (Asked[0] == name && Interlocked.Decrement(ref _left) == 0)
        {
            Environment.FailFast($"Fault point {name}");
        }
    }
}
