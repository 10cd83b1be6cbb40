namespace Aria.Pipelines.Sandbox.SmartRecruiters.Records;

/// <summary>A shared message.</summary>
internal sealed record Message(string Id, string Content, string Visibility, string AuthorId, DateTimeOffset CreatedOn, IReadOnlyList<Application> Applications);
