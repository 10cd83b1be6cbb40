using System.Text;
using System.Text.Json;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>JSON written into memory that a thread uses again.</summary>
public sealed class JsonScratchTests
{
    [Fact]
    public void ToBytes_WriteThatWritesAgain_BothAreWhole() =>
        Text(JsonScratch.ToBytes("a", (writer, text) =>
        {
            writer.WriteStartArray();
            writer.WriteStringValue(text);
            writer.WriteRawValue(JsonScratch.ToBytes(1, (inner, number) => inner.WriteNumberValue(number)));
            writer.WriteEndArray();
        })).ShouldBe("""["a",1]""");

    [Fact]
    public void ToBytes_AfterAFailure_BeginsAnew()
    {
        Should.Throw<NotSupportedException>(() => JsonScratch.ToBytes("a", (writer, text) =>
        {
            writer.WriteStartArray();
            writer.WriteStringValue(text);
            writer.Flush();
            throw new NotSupportedException();
        }));
        Text(JsonScratch.ToBytes("b", (writer, text) => writer.WriteStringValue(text))).ShouldBe("\"b\"");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void ToElement_WhatIsWrittenNext_DoesNotReachIt(int length)
    {
        JsonElement first = JsonScratch.ToElement(new string('a', length), (writer, text) => writer.WriteStringValue(text));
        Text(JsonScratch.ToBytes(new string('b', length), (writer, text) => writer.WriteStringValue(text))).ShouldBe($"\"{new string('b', length)}\"");
        first.GetString().ShouldBe(new string('a', length));
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
