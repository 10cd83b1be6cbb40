namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>What a token whose user is not a Site Admin gets from a list; both are documented.</summary>
public enum GreenhouseNonAdminLists
{
    /// <summary>200 with an empty array.</summary>
    Empty,

    /// <summary>403.</summary>
    Forbidden,
}
