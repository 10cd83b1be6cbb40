namespace Aria.Pipelines.Sandbox.Workday;

/// <summary>How a <see cref="WorkdaySandbox"/> is set up. Defaults are the strict behaviour; what the vendor does not say is a member here.</summary>
public sealed record WorkdayOptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of the tenant.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The tenant, part of every URL and of the user name.</summary>
    public string Tenant { get; init; } = "acme_preview";

    /// <summary>The integration system user.</summary>
    public string User { get; init; } = "ISU_ARIA";

    /// <summary>Its password.</summary>
    public string Password { get; init; } = "workday-sandbox-password";

    /// <summary>Client of the OAuth token endpoint.</summary>
    public string ClientId { get; init; } = "workday-sandbox-client";

    /// <summary>Secret of that client.</summary>
    public string ClientSecret { get; init; } = "workday-sandbox-secret";

    /// <summary>The non-expiring refresh token of the user.</summary>
    public string RefreshToken { get; init; } = "workday-sandbox-refresh-token";

    /// <summary>Certificate (PEM) registered for SAML bearer assertions; null when none is: the grant is then refused.</summary>
    public string? AssertionCertificate { get; init; }

    /// <summary>Life of an access token. Default 1 h; a third party's figure.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Requests in every second; null for no limit, as the vendor names none.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>HTTP status of SOAP faults. Default 500, as SOAP 1.1 says; the vendor does not.</summary>
    public int FaultStatus { get; init; } = 500;

    /// <summary>True when an assessment may be written although the application has left the step that assesses. Default false.</summary>
    public bool AssessAfterStep { get; init; }

    /// <summary>Requisitions with the steps of their process. Default <see cref="WorkdaySeeds.Requisitions"/>.</summary>
    public IReadOnlyList<WorkdayRequisition> Requisitions { get; init; } = WorkdaySeeds.Requisitions;

    /// <summary>Ids of assessment statuses in the tenant. Default <see cref="WorkdaySeeds.AssessmentStatuses"/>.</summary>
    public IReadOnlyList<string> AssessmentStatuses { get; init; } = WorkdaySeeds.AssessmentStatuses;

    /// <summary>Ids of assessment tests in the tenant. Default <see cref="WorkdaySeeds.AssessmentTests"/>.</summary>
    public IReadOnlyList<string> AssessmentTests { get; init; } = WorkdaySeeds.AssessmentTests;

    /// <summary>Ids of document categories in the tenant. Default <see cref="WorkdaySeeds.DocumentCategories"/>.</summary>
    public IReadOnlyList<string> DocumentCategories { get; init; } = WorkdaySeeds.DocumentCategories;
}
