using System.Security.Cryptography;

namespace Aria.Pipelines.Store;

/// <summary>Public ids of events, runs, effects and deliveries: ULIDs, 48 bits of time and 80 random bits as 26 characters.</summary>
internal static class RecordId
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int TimeCharacters = 10;
    private const int RandomCharacters = 16;

    public static string New(DateTimeOffset now)
    {
        Span<char> id = stackalloc char[TimeCharacters + RandomCharacters];
        long time = now.ToUnixTimeMilliseconds();
        for (int i = TimeCharacters - 1; i >= 0; i--)
        {
            id[i] = Alphabet[(int)(time & 31)];
            time >>= 5;
        }
        RandomNumberGenerator.GetItems(Alphabet, id[TimeCharacters..]);
        return new string(id);
    }
}
