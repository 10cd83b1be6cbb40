using System.Text;
using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Workday;
using Aria.Pipelines.Sandbox.Workday.Schema;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.Workday;

/// <summary>A Workday stand-in on a clock that stands still, and a plain SOAP client.</summary>
internal sealed class WorkdayRig : IAsyncDisposable
{
    public static readonly XNamespace Wd = RecruitingSchema.Wd;
    public static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    public static readonly WorkdayPerson Jane = new("Jane", "Doe", "jane.doe@example.com", "+15551234567") { ResumeFilename = "cv.pdf" };
    public const string Recruiting = "/ccx/service/acme_preview/Recruiting/";

    private WorkdayRig(FakeTimeProvider time, WorkdaySandbox sandbox) => (Time, Sandbox, Client) = (time, sandbox, new SandboxClient(sandbox.BaseUrl));

    public FakeTimeProvider Time { get; }

    public WorkdaySandbox Sandbox { get; }

    public SandboxClient Client { get; }

    public static async Task<WorkdayRig> StartAsync(WorkdayOptions? options = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero));
        return new WorkdayRig(time, await WorkdaySandbox.StartAsync((options ?? new WorkdayOptions()) with { Time = time }, TestContext.Current.CancellationToken));
    }

    /// <summary>An envelope around a message, with the user's token unless a header is given.</summary>
    public static string Envelope(string message, string? header = null) => $"""
        <soapenv:Envelope xmlns:soapenv="{Soap}" xmlns:wd="{Wd}"><soapenv:Header>{header ?? User()}</soapenv:Header><soapenv:Body>{message}</soapenv:Body></soapenv:Envelope>
        """;

    public static string User(string user = "ISU_ARIA@acme_preview", string password = "workday-sandbox-password", string type = "#PasswordText") => $"""
        <wsse:Security soapenv:mustUnderstand="1" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><wsse:UsernameToken><wsse:Username>{user}</wsse:Username><wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0{type}">{password}</wsse:Password></wsse:UsernameToken></wsse:Security>
        """;

    public Task<SandboxReply> PostAsync(string envelope, string version = "v31.2") =>
        Client.SendAsync("POST", Recruiting + version, new StringContent(envelope, Encoding.UTF8, "text/xml"));

    /// <summary>Sends a message and gives that of the answer, which has to be valid.</summary>
    public async Task<XElement> AskAsync(string message, string version = "v31.2")
    {
        SandboxReply reply = await PostAsync(Envelope(message), version);
        reply.Status.ShouldBe(200, reply.Body);
        XElement answer = Body(reply);
        RecruitingSchema.For(version)!.Violations(answer).ShouldBeEmpty();
        return answer;
    }

    /// <summary>Sends a message that is refused, and gives the messages of its validation fault, or the fault's own.</summary>
    public async Task<IReadOnlyList<string>> RefusedAsync(string message, string version = "v31.2", string? header = null)
    {
        SandboxReply reply = await PostAsync(Envelope(message, header), version);
        reply.Status.ShouldBe(500, reply.Body);
        XElement fault = Body(reply);
        fault.Name.ShouldBe(Soap + "Fault");
        XElement? detail = fault.Element("detail")?.Elements().Single();
        if (detail is not null)
        {
            RecruitingSchema.For("v26.1")!.Violations(detail).ShouldBeEmpty();
        }

        return detail?.Name == Wd + "Validation_Fault" ? [.. detail.Elements().Select(e => (string)e.Element(Wd + "Message")!)] : [(string)fault.Element("faultstring")!];
    }

    public static XElement Body(SandboxReply reply) => XElement.Parse(reply.Body).Element(Soap + "Body")!.Elements().Single();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sandbox.DisposeAsync();
    }
}
