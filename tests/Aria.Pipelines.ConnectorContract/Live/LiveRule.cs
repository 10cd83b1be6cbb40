namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>One thing that a connector has to do, told from what happens between it and its system.</summary>
/// <param name="id">Its number, <c>CB31</c>.</param>
/// <param name="title">What is demanded, as a sentence.</param>
internal abstract class LiveRule(string id, string title)
{
    public string Id => id;

    public string Title => title;

    /// <summary>Why the rule is not about a connector; null when it is.</summary>
    public virtual string? NotAbout(LiveSubject subject) => null;

    /// <summary>What is wrong; nothing when the rule is kept.</summary>
    public abstract Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken);

    protected string Found(string summary) => $"{id} {summary}";
}
