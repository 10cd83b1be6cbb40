namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>A person who applies. Every text is sent as it is given, so hostile strings can be tried.</summary>
public sealed record SmartRecruitersCandidate(string FirstName, string LastName, string? Email = null, string? PhoneNumber = null);
