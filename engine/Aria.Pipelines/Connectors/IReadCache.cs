namespace Aria.Pipelines.Connectors;

/// <summary>Answers of cacheable reads, kept in memory for their declared time. Never used to find out what became of an effect.</summary>
internal interface IReadCache
{
    /// <summary>Forgets what was read about a subject, because an event said it changed or because we changed it.</summary>
    void SubjectChanged(string connectionId, string subject);
}
