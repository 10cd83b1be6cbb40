using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Certificates;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>
/// One ATS of the demo: its started stand-in, what a connection needs to reach it, what recruiters and candidates do in it, and what it holds afterwards.
/// Ids are those by which the connector names applications.
/// </summary>
internal abstract class DemoSystem : IAsyncDisposable
{
    /// <summary>Name of the connector and of the connection.</summary>
    public abstract string Name { get; }

    /// <summary>The system as people call it.</summary>
    public abstract string Title { get; }

    /// <summary>Where the stand-in listens.</summary>
    public abstract Uri BaseUrl { get; }

    /// <summary>Settings of the connection that point at the stand-in.</summary>
    public abstract JsonObject Settings { get; }

    /// <summary>Secrets that the shipped connection names, with values that the stand-in accepts.</summary>
    public abstract IReadOnlyDictionary<string, string> Secrets { get; }

    /// <summary>The one of <see cref="Secrets"/> that holds the authority behind the stand-in's own certificate; null for a stand-in without TLS.</summary>
    public virtual string? Trust => null;

    /// <summary>That authority, which also issues the certificates of clients; null for a stand-in without TLS.</summary>
    public virtual SandboxAuthority? Authority => null;

    /// <summary>What points a connection at the stand-in, as an environment writes it.</summary>
    public JsonObject Overlay
    {
        get
        {
            var overlay = new JsonObject { ["settings"] = Settings };
            if (Trust is { } secret)
            {
                overlay["trust"] = $"${{secret:{secret}}}";
            }
            return overlay;
        }
    }

    /// <summary>Where each part of a result stands in this system: the name of a field, a note, a tag, a stage.</summary>
    public abstract IReadOnlyDictionary<string, string> Places { get; }

    /// <summary>What every application holds now.</summary>
    public abstract IReadOnlyList<DemoHolding> Holdings { get; }

    /// <summary>Effects that are there more often than they should be, beside invitations.</summary>
    public abstract int Duplicates { get; }

    /// <summary>Registers the host's hook, in a system that announces its changes.</summary>
    public abstract Task ConnectAsync(Uri hook, CancellationToken cancellationToken);

    /// <summary>A person applies; with <paramref name="earlier"/>, the person who made that application applies again.</summary>
    /// <returns>The id of the application.</returns>
    public abstract string Apply(DemoApplication application, string? earlier);

    /// <summary>A recruiter moves an application.</summary>
    public abstract void Move(string applicationId, string stage);

    /// <summary>Completes when the host has had the occasion to learn of every change: deliveries are made, or the system was asked since.</summary>
    public abstract Task WhenQuietAsync(CancellationToken cancellationToken);

    /// <summary>Completes with the first holdings that satisfy the condition.</summary>
    public abstract Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken);

    /// <summary>A stage to which an application can be moved over the API, as the connector takes it; null where nothing counts such moves.</summary>
    public virtual string? NextStage => null;

    /// <summary>How often requests moved an application to <see cref="NextStage"/>.</summary>
    public virtual int MovesOf(string applicationId) => 0;

    /// <summary>A score as this system shows it.</summary>
    public virtual string Shown(decimal score) => score.ToString("0.##", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>What one application holds. Canonical status and recommendation (<c>completed</c>, <c>no_show</c>, <c>advance</c>, …), or null when nothing is there.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="Status">Status of the interview.</param>
/// <param name="Score">Score as the system shows it.</param>
/// <param name="Recommendation">Recommendation.</param>
/// <param name="TranscriptUrl">Address of the transcript.</param>
/// <param name="AttentionNotes">Notes that ask the recruiter to look at it.</param>
internal sealed record DemoHolding(string ApplicationId, string? Status, string? Score, string? Recommendation, string? TranscriptUrl, int AttentionNotes)
{
    /// <summary>Whether the interview's end has been written.</summary>
    public bool IsFinal => Status is "completed" or "no_show";
}
