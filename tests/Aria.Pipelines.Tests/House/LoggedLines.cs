using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Tests.House;

/// <summary>Keeps what a part of the engine logs, one line for each event: its number, its level and its text, with an exception if it has one.</summary>
internal sealed class LoggedLines<T> : ILogger<T>
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{eventId.Id} {logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}"));
        }
    }
}
