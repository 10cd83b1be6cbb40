using System.Text;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>An event that a sender has to tell. The same order always gives the same bytes.</summary>
/// <param name="Number">What makes it this event and no other.</param>
/// <param name="Type"><c>placed</c>, <c>opened</c> or <c>settled</c>.</param>
/// <param name="Subject">The order it is about; events of one subject keep their turn.</param>
/// <param name="Text">Personal data, which must be readable nowhere.</param>
internal sealed record Order(int Number, string Type, string Subject, string Text)
{
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(
        new JsonObject { ["type"] = Type, ["number"] = Number, ["order"] = Subject, ["text"] = Text }.ToJsonString());

    /// <summary>
    /// A mix that reaches every pipeline: of ten events four are placed, three opened, and three settle what was opened before. Two orders
    /// placed one after the other share a subject.
    /// </summary>
    public static IReadOnlyList<Order> Mix(int count, string text) =>
    [
        .. Enumerable.Range(0, count).Select(n => (n % 10) switch
        {
            < 4 => new Order(n, "placed", $"p{n / 2}", text),
            < 7 => new Order(n, "opened", $"o{n}", text),
            _ => new Order(n, "settled", $"o{n - 3}", text),
        }),
    ];
}
