using Spectre.Console;

namespace Aria.Pipelines.Host.Output;

/// <summary>Asks on a terminal for what was not given as an option.</summary>
internal static class Questions
{
    /// <summary>True when somebody can answer.</summary>
    public static bool CanBeAsked => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    public static string Choose(string title, IEnumerable<string> choices) => AnsiConsole.Prompt(new SelectionPrompt<string>().Title(Markup.Escape(title)).AddChoices(choices));

    /// <summary>Yes or no; no when nothing is said.</summary>
    public static bool Confirm(string title) => AnsiConsole.Prompt(new ConfirmationPrompt(Markup.Escape(title)) { DefaultValue = false });

    /// <summary>A text; empty when there is nothing to say.</summary>
    public static string Text(string title) => AnsiConsole.Prompt(new TextPrompt<string>(Markup.Escape(title)).AllowEmpty());
}
