using System.Text;

namespace Aria.Pipelines.Authoring.Offers;

/// <summary>The part of the README of a plugins folder that is written from the connectors in it, between two marks.</summary>
internal static class OfferSection
{
    private const string File = "README.md";
    private const string Begin = "<!-- matrix: written by 'aria schema' -->";
    private const string End = "<!-- end of matrix -->";

    /// <summary>Writes the section anew where it differs, unless it is only asked.</summary>
    /// <param name="plugins">The folder of connectors.</param>
    /// <param name="offers">The rows.</param>
    /// <param name="check">True to write nothing.</param>
    /// <returns>Path of the README when the section is not, or was not, what it has to be; null when it is, or when there are no marks.</returns>
    public static string? Refresh(string plugins, IReadOnlyList<Offer> offers, bool check)
    {
        string path = Path.Combine(plugins, File);
        if (!System.IO.File.Exists(path) || System.IO.File.ReadAllText(path) is not { } text || Replace(text, Markdown(offers)) is not { } fresh || fresh == text)
        {
            return null;
        }
        if (!check)
        {
            System.IO.File.WriteAllText(path, fresh);
        }
        return path.Replace('\\', '/');
    }

    /// <summary>The rows as a table of Markdown.</summary>
    public static string Markdown(IReadOnlyList<Offer> offers)
    {
        var text = new StringBuilder("| system | event or operation | how | effect class | limit |\n|---|---|---|---|---|\n");
        foreach (Offer offer in offers)
        {
            text.Append("| ").Append(offer.System).Append(" | `").Append(offer.Name).Append("` | ").Append(Cell(offer.How))
                .Append(" | ").Append(Cell(offer.Effect)).Append(" | ").Append(Cell(offer.Limit)).Append(" |\n");
        }
        return text.ToString();
    }

    private static string? Replace(string readme, string section)
    {
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : readme.IndexOf(End, begin, StringComparison.Ordinal);
        return end < 0 ? null : $"{readme[..(begin + Begin.Length)]}\n{section}{readme[end..]}";
    }

    private static string Cell(string? text) => text?.Replace("|", "\\|", StringComparison.Ordinal) ?? "–";
}
