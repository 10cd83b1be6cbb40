namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>Ends the processing of a request with the vendor's refusal.</summary>
internal sealed class RefusedException(Answer answer) : Exception($"Refused with {answer.Status}.")
{
    public Answer Answer { get; } = answer;
}
