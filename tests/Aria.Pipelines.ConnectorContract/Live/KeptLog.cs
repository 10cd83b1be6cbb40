using System.Text;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>Keeps everything that is logged.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Keep(state.ToString());
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Keep($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }

    private void Keep(string? line)
    {
        lock (_text)
        {
            _text.AppendLine(line);
        }
    }
}
