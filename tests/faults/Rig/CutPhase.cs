namespace Aria.Pipelines.Faults.Rig;

/// <summary>Where the proxy cuts a connection.</summary>
internal enum CutPhase
{
    /// <summary>It does not; delay and bandwidth may still apply.</summary>
    None,

    /// <summary>When the first byte of the request arrives: none of it reaches the target.</summary>
    BeforeRequest,

    /// <summary>The head of the request reached the target, its body did not.</summary>
    AfterHead,

    /// <summary>The whole request reached the target, which may not have worked on it yet.</summary>
    AfterRequest,

    /// <summary>The target has answered, and nothing of the answer comes through.</summary>
    BeforeAnswer,

    /// <summary>Half of the answer's head comes through.</summary>
    InAnswerHead,

    /// <summary>The answer's head and half of its body come through.</summary>
    InAnswerBody,
}
