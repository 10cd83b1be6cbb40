namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>The scopes of ARIA's tokens.</summary>
public static class AriaScopes
{
    /// <summary>Reads of interviews and webhooks.</summary>
    public const string Read = "interviews:read";

    /// <summary>Invitations, and changes of webhooks.</summary>
    public const string Write = "interviews:write";
}
