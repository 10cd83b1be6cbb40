namespace Aria.Pipelines.Schemas;

/// <summary>The groups of keywords that a meta-schema switches on (<c>$vocabulary</c>). The core is always on.</summary>
[Flags]
internal enum Vocabularies
{
    Core = 0,
    Applicator = 1,
    Unevaluated = 2,
    Validation = 4,
    Format = 8,
    All = Applicator | Unevaluated | Validation | Format,
}
