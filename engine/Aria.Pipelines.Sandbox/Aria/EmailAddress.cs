namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>Checks an e-mail address by the shape of RFC 5322 and says which part is wrong. Letters beyond ASCII are allowed (RFC 6531).</summary>
internal static class EmailAddress
{
    private const string LocalSymbols = "!#$%&'*+-/=?^_`{|}~";

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string address)
    {
        int at = address.LastIndexOf('@');
        if (at < 0)
        {
            return "has no '@'";
        }

        (string local, string domain) = (address[..at], address[(at + 1)..]);
        return LocalProblem(local) ?? DomainProblem(domain);
    }

    private static string? LocalProblem(string local)
    {
        if (local.Length is 0 or > 64)
        {
            return "must have 1 to 64 characters before '@'";
        }

        if (local.Length > 1 && local[0] == '"' && local[^1] == '"')
        {
            return local[1..^1].Any(c => c is '"' or '\\' || char.IsControl(c)) ? "has a quoted part that must not hold '\"', '\\' or controls" : null;
        }

        bool atoms = local.Split('.').All(a => a.Length > 0 && a.All(c => char.IsLetterOrDigit(c) || LocalSymbols.Contains(c, StringComparison.Ordinal) || char.IsSurrogate(c)));
        return atoms ? null : "has a local part that is not dot-separated atoms";
    }

    private static string? DomainProblem(string domain)
    {
        string[] labels = domain.Split('.');
        bool valid = domain.Length <= 253 && labels.Length > 1 && labels.All(l =>
            l.Length is > 0 and <= 63 && l[0] != '-' && l[^1] != '-'
            && l.All(c => char.IsLetterOrDigit(c) || c == '-' || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.NonSpacingMark));
        return valid ? null : "has a domain that is not a dotted host name";
    }
}
