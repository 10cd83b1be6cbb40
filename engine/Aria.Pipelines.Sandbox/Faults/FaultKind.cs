namespace Aria.Pipelines.Sandbox.Faults;

/// <summary>What an injected fault does to the request it meets.</summary>
public enum FaultKind
{
    /// <summary>Answers with a status (and Retry-After) without processing.</summary>
    Status,

    /// <summary>Waits on the sandbox's clock, then processes and answers as usual.</summary>
    Delay,

    /// <summary>Closes the connection without processing.</summary>
    DropBefore,

    /// <summary>Processes the change, then closes the connection without an answer.</summary>
    DropAfter,

    /// <summary>Processes the change, then keeps the connection open without an answer until the client goes away.</summary>
    HoldAfter,

    /// <summary>Processes the change and keeps the status, but the body is not JSON.</summary>
    Garbage,
}
