namespace Aria.Pipelines.Sandbox.Bullhorn.Records;

/// <summary>A type of entity and its fields, as far as the vendor's reference names them.</summary>
/// <param name="Name">As in paths.</param>
/// <param name="IsSearched">True when it is in the search index.</param>
/// <param name="Fields">By name.</param>
internal sealed record EntityType(string Name, bool IsSearched, IReadOnlyDictionary<string, Field> Fields)
{
    public static readonly EntityType CorporateUser = Of("CorporateUser", false, [.. Names(50, "firstName", "lastName"), .. Names(100, "email")]);

    public static readonly EntityType Candidate = Of("Candidate", true,
    [
        .. Names(50, "firstName", "lastName"), .. Names(100, "name", "email", "email2", "email3", "source", "status", "externalID"), .. Names(20, "mobile", "phone", "phone2", "phone3"),
        Flag("isDeleted"), Time("dateAdded", isReadOnly: true), Time("dateLastModified", isReadOnly: true), .. Custom(40),
    ]);

    public static readonly EntityType JobOrder = Of("JobOrder", true,
    [
        .. Names(100, "title", "externalID", "status", "employmentType"), Flag("isOpen"), Flag("isDeleted"), Time("dateAdded", isReadOnly: true), Time("dateLastModified", isReadOnly: true), .. Custom(40),
    ]);

    public static readonly EntityType JobSubmission = Of("JobSubmission", false,
    [
        To("candidate", "Candidate", isNeeded: true), To("jobOrder", "JobOrder", isNeeded: true), To("sendingUser", "CorporateUser"),
        new Field("status", FieldKind.Text, 30) { IsNeeded = true }, .. Names(100, "source", "screeningStatus"), .. Names(int.MaxValue, "comments"),
        Flag("isDeleted"), Flag("isHidden"), Time("dateAdded"), Time("dateLastModified", isReadOnly: true), Time("dateWebResponse"), Time("startDate"), Time("endDate"),
        .. Names(255, "screeningSummary", "screeningFeedbackComment"), new Field("screeningScore", FieldKind.Whole), new Field("screeningFeedbackRating", FieldKind.Whole),
        new Field("screeningDuration", FieldKind.Number), Time("screeningCompletedDateTime"), .. Custom(25),
    ]);

    public static readonly EntityType JobSubmissionHistory = Of("JobSubmissionHistory", false,
    [
        To("jobSubmission", "JobSubmission"), To("modifyingUser", "CorporateUser"), .. Names(30, "status"), .. Names(36, "transactionID"), .. Names(int.MaxValue, "comments"), Time("dateAdded", isReadOnly: true),
    ]);

    public static readonly EntityType Note = Of("Note", true,
    [
        .. Names(30, "action"), new Field("comments", FieldKind.Text, int.MaxValue) { IsNeeded = true }, To("personReference", "Candidate", isNeeded: true), To("commentingPerson", "CorporateUser"),
        To("jobOrder", "JobOrder"), .. Names(100, "externalID"), Flag("isDeleted"), Time("dateAdded"), Time("dateLastModified", isReadOnly: true),
    ]);

    public static readonly IReadOnlyDictionary<string, EntityType> All =
        new[] { CorporateUser, Candidate, JobOrder, JobSubmission, JobSubmissionHistory, Note }.ToDictionary(t => t.Name);

    private static EntityType Of(string name, bool isSearched, IEnumerable<Field> fields) =>
        new(name, isSearched, fields.Prepend(new Field("id", FieldKind.Id) { IsReadOnly = true }).ToDictionary(f => f.Name));

    private static IEnumerable<Field> Names(int length, params string[] names) => names.Select(n => new Field(n, FieldKind.Text, length));

    private static Field Flag(string name) => new(name, FieldKind.Flag);

    private static Field Time(string name, bool isReadOnly = false) => new(name, FieldKind.Time) { IsReadOnly = isReadOnly };

    private static Field To(string name, string type, bool isNeeded = false) => new(name, FieldKind.ToOne) { Of = type, IsNeeded = isNeeded };

    private static IEnumerable<Field> Custom(int texts) =>
    [
        .. Enumerable.Range(1, texts).Select(n => new Field($"customText{n}", FieldKind.Text, 100)),
        .. Enumerable.Range(1, 5).SelectMany(n => new[] { new Field($"customTextBlock{n}", FieldKind.Text, int.MaxValue), new Field($"customInt{n}", FieldKind.Whole), new Field($"customFloat{n}", FieldKind.Number), Time($"customDate{n}") }),
    ];
}

/// <summary>One field.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Length">How many characters a text may have.</param>
internal sealed record Field(string Name, FieldKind Kind, int? Length = null)
{
    /// <summary>True for what only Bullhorn itself writes.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True for what a new record must have.</summary>
    public bool IsNeeded { get; init; }

    /// <summary>The type that an association leads to.</summary>
    public string? Of { get; init; }
}

internal enum FieldKind
{
    /// <summary>The record's id.</summary>
    Id,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>Any number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Milliseconds since 1970.</summary>
    Time,

    /// <summary>Another record, as <c>{"id":1}</c>.</summary>
    ToOne,
}
