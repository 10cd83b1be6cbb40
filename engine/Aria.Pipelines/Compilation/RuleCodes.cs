namespace Aria.Pipelines.Compilation;

/// <summary>Codes of findings about what a pipeline means: they need connectors, samples and the order of steps.</summary>
internal static class RuleCodes
{
    /// <summary>A mapping reads a member that its value does not have.</summary>
    public const string UnknownMember = "ARIA2101";

    /// <summary>A mapping reads a step that does not exist.</summary>
    public const string UnknownStep = "ARIA2102";

    /// <summary>A mapping reads a step that has not run when it is evaluated.</summary>
    public const string StepNotYetRun = "ARIA2103";

    /// <summary>A mapping reads a member of something that is null in some runs.</summary>
    public const string MayBeNull = "ARIA2104";

    /// <summary>A comparison with a value that can never be there.</summary>
    public const string NeverEqual = "ARIA2105";

    /// <summary>A mapping assigns to its input, or to a constant of its own.</summary>
    public const string WritesInput = "ARIA2106";

    /// <summary>A lookup table, or a key of one, that does not exist.</summary>
    public const string UnknownLookup = "ARIA2107";

    /// <summary>An input of the wrong type.</summary>
    public const string WrongInputType = "ARIA2108";

    /// <summary>An input of the right type with a value that is not allowed.</summary>
    public const string InputNotAllowed = "ARIA2109";

    /// <summary>A condition that is never true.</summary>
    public const string NeverTrue = "ARIA2110";

    /// <summary>A condition that gives something other than true, false or null.</summary>
    public const string NotACondition = "ARIA2111";

    /// <summary>An await whose match no event can have.</summary>
    public const string NeverMatches = "ARIA2112";

    /// <summary>An action of class unsafe, without a decision about unknown outcomes.</summary>
    public const string UndecidedOutcome = "ARIA2113";

    /// <summary>A pipeline whose own action causes the event that starts it, by itself or through other pipelines.</summary>
    public const string TriggersItself = "ARIA2114";

    /// <summary>Personal data given to an input that is not for it.</summary>
    public const string PersonalData = "ARIA2115";

    /// <summary>An operation that needs a scope which the account does not have.</summary>
    public const string MissingScope = "ARIA2116";

    /// <summary>A time that cannot be meant, or that contradicts another.</summary>
    public const string ImplausibleTime = "ARIA2117";

    /// <summary>A trigger that adds nothing to another one, or an awaited event that is named twice.</summary>
    public const string RedundantTrigger = "ARIA2118";

    /// <summary>A rollout that lets nothing through, or the wrong things.</summary>
    public const string IneffectiveRollout = "ARIA2119";

    /// <summary>A claim that is the same for every candidate, or for no two events.</summary>
    public const string ConstantOnce = "ARIA2120";

    /// <summary>A lookup table or connection that nothing uses.</summary>
    public const string Unused = "ARIA2121";

    /// <summary>Something that looks like a secret, written into a file.</summary>
    public const string LiteralSecret = "ARIA2122";

    /// <summary>An input that the system keeps nowhere (warning).</summary>
    public const string KeptNowhere = "ARIA2123";

    /// <summary>A text that is not filled in as it reads: the syntax of another tool, a missing operator, a whole object in a text.</summary>
    public const string MisreadText = "ARIA2124";

    /// <summary>A script, or a function in it, that ends without a value.</summary>
    public const string ReturnsNothing = "ARIA2125";

    /// <summary>Duplicates allowed for an operation whose outcome can be found out.</summary>
    public const string NeedlessDecision = "ARIA2126";
}
