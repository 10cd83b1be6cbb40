using Aria.Pipelines.Ingress;
using Aria.Pipelines.Tests.House;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

public sealed class RefusalLogTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly LoggedLines<RefusalLog> _lines = new();
    private readonly RefusalLog _log;

    public RefusalLogTests() => _log = new RefusalLog(_time, _lines);

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Flood_OfOneKind_IsAFewLinesAndTheirNumberAndHidesNoOther()
    {
        Refuse(300, "ats", "signature_invalid");
        Refuse(2, "ats", "timestamp_out_of_tolerance");
        Refuse(1, "other", "signature_invalid");

        _lines.Lines.Count.ShouldBe(RefusalLog.MostShown + 3);
        _time.Advance(TimeSpan.FromMinutes(1));
        _lines.Lines.Count.ShouldBe(RefusalLog.MostShown + 4);
        _lines.Lines[^1].ShouldBe("1004 Warning: Deliveries for ats: 290 more were refused within a minute and are not shown one by one: signature_invalid");
        Refuse(1, "ats", "signature_invalid");
        _lines.Lines[^1].ShouldBe("1001 Warning: A delivery for ats was refused with 401: signature_invalid (7 bytes, trace t)");
    }

    [Fact]
    public void FullDisk_ForManyDeliveries_IsAFewLines()
    {
        for (int i = 0; i < 100; i++)
        {
            _log.NotStored("ats", "store_unavailable", "The disk is full.", "t");
        }

        _lines.Lines.Count.ShouldBe(RefusalLog.MostShown);
        _lines.Lines[0].ShouldBe("1003 Error: A delivery for ats could not be stored; the sender was told to try again: The disk is full. (trace t)");
    }

    [Fact]
    public void Stop_InTheMinute_StillSaysHowManyThereWere()
    {
        Refuse(11, "ats", "signature_invalid");
        _log.Dispose();

        _lines.Lines[^1].ShouldBe("1004 Warning: Deliveries for ats: 1 more were refused within a minute and are not shown one by one: signature_invalid");
    }

    private void Refuse(int times, string source, string code)
    {
        for (int i = 0; i < times; i++)
        {
            _log.Refused(source, 401, code, 7, "t", null);
        }
    }
}
