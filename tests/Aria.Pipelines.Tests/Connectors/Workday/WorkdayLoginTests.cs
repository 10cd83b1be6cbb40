using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Workday;

namespace Aria.Pipelines.Tests.Connectors.Workday;

/// <summary>The three logins of the Workday connector, and that no credential is in what is kept.</summary>
public sealed class WorkdayLoginTests
{
    [Fact]
    public async Task UsernameToken_InTheEnvelopeAlone_NotInWhatIsFrozen()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Connection connection = account.Connect();
        var input = new { application_id = account.Assessed(), status = "pending" };
        byte[] frozen = await account.FreezeAsync(connection, "interview.write", input);
        string kept = System.Text.Encoding.UTF8.GetString(FrozenRequest.FromBytes(frozen).Body);
        kept.ShouldContain("Assess_Candidate_Request");
        kept.ShouldNotContain("UsernameToken");
        (await account.SendAsync(connection, "interview.write", input, frozen)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        account.Sandbox.Requests.Entries.ShouldAllBe(e => e.Authorization == "none");
    }

    [Fact]
    public async Task UsernameToken_WrongPassword_Unauthorized()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Connection connection = account.Connect();
        var input = new { application_id = account.Assessed(), status = "pending" };
        byte[] frozen = await account.FreezeAsync(connection, "interview.write", input);
        account.Rig.Secrets["password"] = "old";
        OperationAnswer answer = await account.SendAsync(connection, "interview.write", input, frozen);
        (answer.Outcome, answer.Code, answer.Message).ShouldBe((OperationOutcome.Rejected, "unauthorized", "invalid username or password"));
        account.Rig.Secrets["password"] = "workday-sandbox-password";
        (await account.SendAsync(connection, "interview.write", input, frozen)).Outcome.ShouldBe(OperationOutcome.Confirmed, "a changed password holds at once");
    }

    [Theory]
    [InlineData("user")]
    [InlineData("tenant")]
    public async Task UsernameToken_Report_IsHttpBasic(string reportLogin)
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        account.Assessed();
        (await account.PollAsync(account.Connect($$"""{"stageFeed":"report","reportLogin":"{{reportLogin}}"}"""), "application.stage_changed", account.Rig.Time.GetUtcNow().AddMinutes(-5))).Count.ShouldBe(2);
        account.Sandbox.Requests.Entries.ShouldHaveSingleItem().Authorization.ShouldBe("Basic");
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("body")]
    public async Task RefreshToken_OneTokenForAll_RenewedWhenItEndsOrIsRefused(string clientIn)
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Connection connection = account.Connect($$"""{"login":"refreshToken","clientIn":"{{clientIn}}"}""");
        string id = account.Assessed();
        await account.PerformAsync(connection, "interview.write", new { application_id = id, status = "pending" });
        account.Sandbox.State.Counts.Tokens.ShouldBe(1);
        account.Rig.Time.Advance(TimeSpan.FromHours(1));
        await account.PerformAsync(connection, "interview.write", new { application_id = id, status = "completed" });
        account.Sandbox.State.Counts.Tokens.ShouldBe(2, "the first has ended");
        account.Rig.Time.Advance(TimeSpan.FromMinutes(10));
        account.Sandbox.RevokeTokens();
        await account.PerformAsync(connection, "application.get", new { application_id = id });
        account.Sandbox.State.Counts.Tokens.ShouldBe(3, "the second was refused");
    }

    [Fact]
    public async Task SamlBearer_SignedForTheUser_TakenWithTheRegisteredCertificateOnly()
    {
        using var key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=aria", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await using WorkdayAccount account = await WorkdayAccount.StartAsync(new WorkdayOptions { AssertionCertificate = certificate.ExportCertificatePem() });
        account.Rig.Secrets["samlKey"] = key.ExportPkcs8PrivateKeyPem();
        string id = account.Assessed();
        await account.PerformAsync(account.Connect("""{"login":"samlBearer"}"""), "application.get", new { application_id = id });
        account.Sandbox.Requests.Entries.Select(e => e.Authorization).ShouldBe(["Basic", "Bearer"]);

        using var other = RSA.Create(2048);
        account.Rig.Secrets["samlKey"] = other.ExportPkcs8PrivateKeyPem();
        account.Rig.Time.Advance(TimeSpan.FromHours(2));
        Preparation prepared = await account.PrepareAsync(account.Connect("""{"login":"samlBearer"}"""), "application.get", new { application_id = id });
        prepared.RetryCode.ShouldBe("connector_failed");
        account.Sandbox.State.Counts.Tokens.ShouldBe(1);
    }

    [Fact]
    public async Task Login_SecretNotGiven_NothingIsSent()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        account.Rig.Secrets.Remove("refreshToken");
        Preparation prepared = await account.PrepareAsync(account.Connect("""{"login":"refreshToken"}"""), "application.get", new { application_id = "C1:J1" });
        prepared.Problem!.ToString().ShouldBe(
            "error secret_not_found: 'workday.application.get' could not read 'application': Secret 'refreshToken' of connection 'workday' (setting 'refreshToken') is missing or empty. Provide it here: entry 'refreshToken' of the secrets in memory.");
        account.Sandbox.Requests.Count.ShouldBe(0);
    }
}
