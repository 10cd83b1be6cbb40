namespace Aria.Pipelines.Compilation;

/// <summary>Codes of findings about pipelines, connections and environments.</summary>
internal static class PipelineCodes
{
    /// <summary>An alias or connection that does not exist.</summary>
    public const string UnknownConnection = "ARIA2001";

    /// <summary>An event that the connector does not offer.</summary>
    public const string UnknownEvent = "ARIA2002";

    /// <summary>An operation that the connector does not offer.</summary>
    public const string UnknownOperation = "ARIA2003";

    /// <summary>Not of the form <c>alias.name</c>.</summary>
    public const string MalformedReference = "ARIA2004";

    /// <summary>Two steps with one id.</summary>
    public const string DuplicateStep = "ARIA2005";

    /// <summary>A correlation key that none or not all of the awaited events declare.</summary>
    public const string UnknownCorrelation = "ARIA2006";

    /// <summary>A member of <c>with</c> that the operation's input does not have.</summary>
    public const string UnknownInput = "ARIA2007";

    /// <summary>A member that the operation's input requires is not given.</summary>
    public const string MissingInput = "ARIA2008";

    /// <summary>A pipeline without trigger or without steps, or with something given twice.</summary>
    public const string IncompletePipeline = "ARIA2009";

    /// <summary>A schedule that cannot fire: a wrong field, time zone or date.</summary>
    public const string InvalidSchedule = "ARIA2010";

    /// <summary>An event or operation that the connector declares as impossible in its system.</summary>
    public const string Impossible = "ARIA2011";

    /// <summary>More steps than a pipeline may have.</summary>
    public const string TooManySteps = "ARIA2012";

    /// <summary>A connector that is not installed, or has errors of its own.</summary>
    public const string UnknownConnector = "ARIA4001";

    /// <summary>A setting that the connector does not have.</summary>
    public const string UnknownSetting = "ARIA4002";

    /// <summary>A required setting that is not given.</summary>
    public const string MissingSetting = "ARIA4003";

    /// <summary>A setting of the wrong type or with a value that is not allowed.</summary>
    public const string InvalidSetting = "ARIA4004";

    /// <summary>A secret written into a file.</summary>
    public const string InlineSecret = "ARIA4005";

    /// <summary>An environment that does not exist, or that speaks of a connection that does not exist.</summary>
    public const string UnknownEnvironment = "ARIA4006";
}
