using System.Text.Json;

namespace Aria.Pipelines.Store;

/// <summary>States as they are written in the store and shown to people: <c>NeedsReview</c> is <c>needs_review</c>.</summary>
internal static class StateNames
{
    public static string Of<T>(T state)
        where T : struct, Enum => Names<T>.ByValue[state];

    /// <exception cref="FormatException">No state has this name.</exception>
    public static T Parse<T>(string name)
        where T : struct, Enum =>
        Names<T>.ByName.TryGetValue(name, out T state) ? state : throw new FormatException($"'{name}' is not a {typeof(T).Name}.");

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().ToDictionary(state => state, state => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()));

        public static readonly Dictionary<string, T> ByName = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}
