using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

/// <summary>Why a data file cannot be worked on. The operating system's answers are made up: a test cannot mount media or fill a disk.</summary>
public sealed class StoreTroubleTests
{
    [Theory]
    [InlineData(11, "The store '/srv/aria/aria.db' is in use by another process (store_in_use). Stop that process, or give this one its own data folder.")]
    [InlineData(30, "The data folder '/srv/aria' is on read-only media, and the store has to write there. Mount it for writing, or give another folder with --data.")]
    [InlineData(28, "No space is left for the store in the data folder '/srv/aria'. Make room there, then try again.")]
    public void Failure_OfTheOperatingSystem_IsToldApart(int error, string message) =>
        StoreTrouble.Of("/srv/aria/aria.db", new IOException("", error))!.Message.ShouldBe(message);

    [Fact]
    public void Failure_ThatSaysNothingOfThese_IsLeftAsItIs()
    {
        StoreTrouble.Of("/srv/aria/aria.db", new IOException("", 5)).ShouldBeNull();
        StoreTrouble.Of("/srv/aria/aria.db", new DirectoryNotFoundException()).ShouldBeNull();
    }

    [Fact]
    public void Denied_NamesTheFileItsRightsAndTheUser()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string folder = Directory.CreateTempSubdirectory("aria-rights-").FullName;
        string path = Path.Combine(folder, "aria.db");
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        try
        {
            StoreTrouble.Of(path, new UnauthorizedAccessException())!.Message.ShouldBe(
                $"The user '{Environment.UserName}' may not read and write the store '{path}': '{path}' has the rights 0444, '{folder}' has the rights 0700. "
                + "Give this user the data folder and what is in it, or work as the user who made them.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
