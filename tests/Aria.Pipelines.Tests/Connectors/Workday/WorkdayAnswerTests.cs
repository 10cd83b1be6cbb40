using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Tests.Connectors.Workday;

/// <summary>What the connector's code makes of answers, also of those that no Workday would send.</summary>
public sealed class WorkdayAnswerTests
{
    private const string Soap = "xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:wd=\"urn:com.workday/bsvc\"";

    [Theory]
    [InlineData($"<e:Envelope {Soap}><e:Body><wd:A wd:version=\"v1\"><wd:B>1</wd:B><wd:B>2</wd:B><wd:C/></wd:A></e:Body></e:Envelope>", """{"A":{"@version":"v1","B":["1","2"],"C":""}}""")]
    [InlineData($"<e:Envelope {Soap}><e:Body><wd:A><wd:X_Reference wd:Descriptor=\"X\"><wd:ID wd:type=\"WID\">1</wd:ID><wd:ID wd:type=\"X_ID\">2</wd:ID></wd:X_Reference></wd:A></e:Body></e:Envelope>", """{"A":{"X_Reference":{"@Descriptor":"X","WID":"1","X_ID":"2"}}}""")]
    [InlineData($"\uFEFF \n<e:Envelope {Soap}><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>no</faultstring></e:Fault></e:Body></e:Envelope>", """{"Fault":{"faultcode":"e:Client","faultstring":"no"}}""")]
    [InlineData("<r:Report_Data xmlns:r=\"urn:r\"><r:Report_Entry><r:A>1 &amp; &lt;b&gt;</r:A></r:Report_Entry></r:Report_Data>", """{"Report_Data":{"Report_Entry":{"A":"1 & <b>"}}}""")]
    [InlineData("""{"Report_Entry":[{"A":1}]}""", """{"Report_Entry":[{"A":1}]}""")]
    public void Read_Answer_AsJson(string body, string json) =>
        JsonElement.DeepEquals(Code.Read(Answer(body)), JsonElement.Parse(json)).ShouldBeTrue(Code.Read(Answer(body)).GetRawText());

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM \"file:///etc/hostname\"><a/>")]
    [InlineData("<a><b></a>")]
    [InlineData("<html><body>Bad gateway")]
    [InlineData("Bad gateway")]
    public void Read_DoctypeOrBrokenOrText_IsNotUnderstood(string body) => Should.Throw<Exception>(() => Code.Read(Answer(body)));

    [Fact]
    public void Read_NestedWithoutEnd_IsNotUnderstood() =>
        Should.Throw<FormatException>(() => Code.Read(Answer(string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000)))));

    [Theory]
    [InlineData("""{"Header":{},"Body":{"A b":{}}}""", "'A b' is not a name of an element or attribute.")]
    [InlineData("""{"Header":{},"Body":{"A":{"X_Reference":{}}}}""", "'X_Reference' names nothing: give it one id.")]
    [InlineData("""{"Header":{},"Body":{"A":{"X_Reference":{"X_ID":null}}}}""", "'X_Reference' names nothing: give it one id.")]
    public void Write_WhatIsNoEnvelope_SaysWhy(string body, string message) => Should.Throw<FormatException>(() => Code.Write(JsonElement.Parse(body))).Message.ShouldBe(message);

    [Fact]
    public void Write_CharactersThatXmlCannotHold_AreReplacedAndTheRestKept()
    {
        string written = Encoding.UTF8.GetString(Code.Write(JsonElement.Parse("""{"Header":{},"Body":{"A":{"@b":"\"x\" \t","C":"a\u0000b\u0001c 😀 <&>"}}}""")).Span);
        written.ShouldContain("<wd:C>a\uFFFDb\uFFFDc 😀 &lt;&amp;&gt;</wd:C>");
        written.ShouldContain("wd:b=\"&quot;x&quot; &#x9;\"");
    }

    private static ITranslatesBodies Code => (ITranslatesBodies)WorkdayAccount.Connector.Code!;

    private static ConnectorResponse Answer(string body) => new(200, new Dictionary<string, IReadOnlyList<string>>(), Encoding.UTF8.GetBytes(body));
}
