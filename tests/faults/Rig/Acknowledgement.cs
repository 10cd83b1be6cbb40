using System.Globalization;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>A 2xx that a sender got.</summary>
/// <param name="Number">The event's number.</param>
/// <param name="EventId">The id the engine gave it; empty when the answer broke off after its status.</param>
internal sealed record Acknowledgement(int Number, string EventId)
{
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Number} {EventId}");

    public static Acknowledgement Parse(string line)
    {
        string[] parts = line.Split(' ');
        return new Acknowledgement(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
    }
}
