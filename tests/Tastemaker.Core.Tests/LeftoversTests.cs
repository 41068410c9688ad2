namespace Tastemaker.Core.Tests;

public sealed class LeftoversTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tastemaker-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef.tmp", true)]
    [InlineData("0123456789abcdef0123456789abcdef.old", true)]
    [InlineData("0123456789abcdef0123456789abcdef.part", true)]
    [InlineData("0123456789abcdef0123456789abcdef.csv", false)]
    [InlineData("tmp", false)]
    [InlineData("2024.tmp", false)]
    public void Of_what_stands_beside_a_file_only_names_of_unfinished_writes_are_deleted(string ending, bool deleted)
    {
        var left = Made($"model.json.{ending}", hours: 2);

        Leftovers.Clear(Path.Combine(folder, "model.json"));

        File.Exists(left).ShouldBe(!deleted);
    }

    [Fact]
    public void What_another_process_may_be_writing_stays_and_so_does_what_belongs_to_another_file()
    {
        var (fresh, other) = (Made($"model.json.{Guid.NewGuid():N}.tmp", hours: 0), Made($"other.json.{Guid.NewGuid():N}.tmp", hours: 2));

        Leftovers.Clear(Path.Combine(folder, "model.json"));

        File.Exists(fresh).ShouldBeTrue();
        File.Exists(other).ShouldBeTrue();
    }

    [Fact]
    public void A_folder_is_as_old_as_the_newest_file_in_it()
    {
        var (stale, live) = ($"run.{Guid.NewGuid():N}.tmp", $"run.{Guid.NewGuid():N}.tmp");
        Made(Path.Combine(stale, "deep", "weights"), hours: 2);
        Made(Path.Combine(live, "deep", "weights"), hours: 0);
        foreach (var name in new[] { stale, live })
        {
            Directory.SetLastWriteTimeUtc(Path.Combine(folder, name, "deep"), DateTime.UtcNow.AddHours(-2));
            Directory.SetLastWriteTimeUtc(Path.Combine(folder, name), DateTime.UtcNow.AddHours(-2));
        }

        Leftovers.Clear(Path.Combine(folder, "run"));

        Directory.Exists(Path.Combine(folder, stale)).ShouldBeFalse();
        Directory.Exists(Path.Combine(folder, live)).ShouldBeTrue();
    }

    private string Made(string name, int hours)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-hours));
        return path;
    }
}
