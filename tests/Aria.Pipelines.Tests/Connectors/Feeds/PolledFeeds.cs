namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>Every feed that a shipped connector has. A test finds those that are missing here.</summary>
internal static class PolledFeeds
{
    public static IReadOnlyDictionary<string, PolledFeed> ByName { get; } = new Dictionary<string, PolledFeed>
    {
        ["adp created"] = new("adp", "application.created", FeedSight.Every, AdpFeedAccount.Of(created: true)),
        ["adp queue"] = new("adp", "application.stage_changed", FeedSight.Every, AdpFeedAccount.Of(created: false)),
        ["bamboohr created"] = new("bamboohr", "application.created", FeedSight.Every, BambooHRFeedAccount.Of(pageSize: 7, created: true)),
        ["bamboohr all"] = new("bamboohr", "application.stage_changed", FeedSight.Difference, BambooHRFeedAccount.Of(pageSize: 7, created: false)),
        ["bamboohr recent"] = new("bamboohr", "application.stage_changed", FeedSight.Difference, BambooHRFeedAccount.Of(pageSize: 50, created: false)) { Settings = """{ "read": "recent" }""" },
        ["bullhorn created"] = new("bullhorn", "application.created", FeedSight.Every, BullhornFeedAccount.Of("created")),
        ["bullhorn status"] = new("bullhorn", "application.stage_changed", FeedSight.Every, BullhornFeedAccount.Of("status")),
        ["icims created"] = new("icims", "application.created", FeedSight.Every, ICimsFeedAccount.Of(created: true)),
        ["icims search"] = new("icims", "application.stage_changed", FeedSight.Difference, ICimsFeedAccount.Of(created: false)) { KnowsWhatWasThere = false },
        ["jazzhr created"] = new("jazzhr", "application.created", FeedSight.Every, JazzHRFeedAccount.Of(created: true)),
        ["jazzhr rows"] = new("jazzhr", "application.stage_changed", FeedSight.Difference, JazzHRFeedAccount.Of(created: false)),
        ["workday created"] = new("workday", "application.created", FeedSight.Every, WorkdayFeedAccount.Of("created", _ => null, _ => "created")),
        ["workday assessments"] = new("workday", "application.stage_changed", FeedSight.Every, WorkdayFeedAccount.Of(null, step => step == "ASSESS_CANDIDATE" ? "assess" : null, _ => "assess")),
        ["workday report"] = new("workday", "application.stage_changed", FeedSight.Every, WorkdayFeedAccount.Of("REVIEW", step => step, e => e.GetProperty("step_id").GetString()!)) { Settings = """{ "stageFeed": "report" }""" },
        ["workday candidates"] = new("workday", "application.stage_changed", FeedSight.Last, WorkdayFeedAccount.Of("REVIEW", step => step, e => e.GetProperty("step_id").GetString() ?? "NOT_SELECTED"))
        {
            Settings = """{ "stageFeed": "candidates", "stages": "REVIEW,ASSESSMENT,INTERVIEW,OFFER" }""",
        },
    };

    public static TheoryData<string> Names => [.. ByName.Keys];
}
