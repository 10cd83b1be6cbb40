using Spectre.Console;

namespace Aria.Pipelines.Host.Output;

/// <summary>Asks for what was not given as an option: on a terminal, or line by line where answers come through a pipe.</summary>
internal sealed class Questions
{
    private readonly bool _isTerminal;

    private Questions(bool isTerminal) => _isTerminal = isTerminal;

    /// <summary>Null when nobody can answer.</summary>
    /// <param name="ask">True when answers come through a pipe: without being told so, a script that gives none would wait for ever.</param>
    public static Questions? Of(bool ask)
    {
        bool isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        return isTerminal || ask ? new Questions(isTerminal) : null;
    }

    /// <returns>One of the choices; null when no more answers come.</returns>
    public string? Choose(string title, IReadOnlyList<string> choices)
    {
        if (_isTerminal)
        {
            return AnsiConsole.Prompt(new SelectionPrompt<string>().Title(Markup.Escape(title)).AddChoices(choices));
        }
        while (Answer($"{title} ({string.Join(", ", choices)})") is { } answer)
        {
            if (choices.Contains(answer))
            {
                return answer;
            }
            Terminal.Fail($"'{answer}' is none of them.");
        }
        return null;
    }

    /// <returns>A text, empty when there is nothing to say; null when no more answers come.</returns>
    public string? Text(string title) => _isTerminal ? AnsiConsole.Prompt(new TextPrompt<string>(Markup.Escape(title + ":")).AllowEmpty()) : Answer(title);

    /// <summary>Yes or no; no when nothing is said.</summary>
    public bool Confirm(string title) => _isTerminal
        ? AnsiConsole.Prompt(new ConfirmationPrompt(Markup.Escape(title)) { DefaultValue = false })
        : Answer($"{title} (y/n)") is "y" or "yes";

    private static string? Answer(string question)
    {
        Console.Error.WriteLine($"{question}:");
        return Console.In.ReadLine()?.Trim();
    }
}
