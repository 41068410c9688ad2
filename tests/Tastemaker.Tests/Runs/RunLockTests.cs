using Tastemaker.Runs;
using Tastemaker.Tests.Conformance;

namespace Tastemaker.Tests.Runs;

public sealed class RunLockTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_folder_belongs_to_one_at_a_time_and_is_left_clean()
    {
        using (RunLock.Take(root))
        {
            Should.Throw<InputException>(() => RunLock.Take(root, "search")).Message.ShouldContain($"this search is in progress (process {Environment.ProcessId})");
            RunLock.IsTaken(root, out var owner).ShouldBeTrue();
            owner.ShouldBe($"process {Environment.ProcessId}");
            File.WriteAllText(Path.Combine(root, "result"), "kept");
        }

        RunLock.IsTaken(root, out _).ShouldBeFalse();
        Directory.EnumerateFileSystemEntries(root).ShouldBe([Path.Combine(root, "result")]);
        RunLock.Take(root).Dispose();
    }

    [Fact]
    public void A_folder_of_checkpoints_serves_one_training_at_a_time()
    {
        var split = ConformanceData.Split([]);
        using (RunLock.Take(root, "training"))
        {
            Should.Throw<InputException>(() => Recommender.Train("bpr-mf", split, checkpoints: root, cancellation: TestContext.Current.CancellationToken)).Message.ShouldContain("this training is in progress");
        }

        Recommender.Train("popularity", split, checkpoints: root, cancellation: TestContext.Current.CancellationToken).Dispose();
        RunLock.IsTaken(root, out _).ShouldBeFalse();
    }

    [Fact]
    public void What_a_dead_process_left_holds_nobody_up()
    {
        Directory.CreateDirectory(root);
        File.WriteAllText(Path.Combine(root, "run.lock"), "");
        File.WriteAllText(Path.Combine(root, "run.pid"), "1");

        RunLock.IsTaken(root, out _).ShouldBeFalse();
        RunFolder.DemandRoom(root);
        RunLock.Take(root).Dispose();
    }

    [Fact]
    public void A_folder_that_was_made_for_nothing_is_removed()
    {
        RunLock.Take(root).Dispose();
        Directory.Exists(root).ShouldBeFalse();
    }
}
