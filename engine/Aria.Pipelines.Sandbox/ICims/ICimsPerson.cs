namespace Aria.Pipelines.Sandbox.ICims;

/// <summary>A person who applies. Every text is sent as it is given, so hostile strings can be tried.</summary>
public sealed record ICimsPerson(string FirstName, string LastName, string? Email = null, string? Phone = null);
