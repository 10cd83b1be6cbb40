using Spectre.Console;

namespace Aria.Pipelines.Host.Demo;

/// <summary>Says what is going on: a moving line on a terminal, plain lines elsewhere, always on standard error.</summary>
internal static class DemoProgress
{
    /// <summary>Runs work that reports its stages.</summary>
    public static async Task<T> ShowAsync<T>(Func<Action<string>, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
        {
            return await work(text => Console.Error.WriteLine(text));
        }
        return await Output.Terminal.Error.Status().StartAsync("Starting", async status => await work(text =>
        {
            Output.Terminal.Error.MarkupLineInterpolated($"[green]•[/] {text}");
            status.Status(Markup.Escape(text));
        }));
    }
}
