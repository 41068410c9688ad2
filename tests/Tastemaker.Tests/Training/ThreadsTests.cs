using System.Collections.Concurrent;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Tests.Training;

public sealed class ThreadsTests : IDisposable
{
    public void Dispose() => Threads.Use(0);

    [Fact]
    public void All_cores_are_the_default_and_one_number_sets_loops_and_libtorch()
    {
        Parallelism.Threads.ShouldBe(Environment.ProcessorCount);
        Threads.Use(3);
        Parallelism.Threads.ShouldBe(3);
        torch.get_num_threads().ShouldBe(3);
        new EvaluationOptions().Threads.ShouldBe(3);
        new DataOptions().Threads.ShouldBe(3);
        Parallelism.Loop().MaxDegreeOfParallelism.ShouldBe(3);
        Should.Throw<ArgumentOutOfRangeException>(() => Parallelism.Use(-1));
    }

    [Fact]
    public void A_run_has_its_own_number_and_gives_the_process_its_back()
    {
        Threads.Use(3);
        using (Threads.Lend(2))
        {
            Parallelism.Threads.ShouldBe(2);
            torch.get_num_threads().ShouldBe(2);
        }

        using (Threads.Lend(0))
        {
            torch.get_num_threads().ShouldBe(3);
        }

        Parallelism.Threads.ShouldBe(3);
        torch.get_num_threads().ShouldBe(3);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void One_thread_means_one_thread_in_the_loops_of_an_epoch(int ofTheRun, int ofTheProcess)
    {
        Threads.Use(ofTheProcess);
        var seen = new ConcurrentDictionary<int, bool>();
        Parallel.For(0, 64, Threads.Of(Sample.Context(Sample.Random(), threads: ofTheRun)), _ =>
        {
            seen[Environment.CurrentManagedThreadId] = true;
            Thread.Yield();
        });

        seen.Keys.ShouldBe([Environment.CurrentManagedThreadId]);
    }

    [Theory]
    [InlineData("item-knn")]
    [InlineData("user-knn")]
    [InlineData("slim")]
    [InlineData("ials")]
    public void Solvers_learn_and_score_the_same_numbers_on_any_number_of_threads(string system)
    {
        var split = new LeaveOneOut(HoldOutOrder.Random, ValidationPart.No).Apply(Sample.Random(users: 80, items: 40).Data, 1);
        float[] Scores(int threads)
        {
            Threads.Use(threads);
            using var recommender = Recommender.Train(system, split, training: new TrainingOptions { Seed = 5 });
            var scores = new float[split.Test.Count * split.Train.ItemCount];
            recommender.Score(split.Test.Requests, scores);
            return scores;
        }

        Scores(1).ShouldBe(Scores(4));
    }

    [Fact]
    public void A_split_is_the_same_on_any_number_of_threads()
    {
        var data = Sample.Random(users: 300, items: 60).Data;
        string Fingerprint(int threads)
        {
            Parallelism.Use(threads);
            return new RatioByUser().Apply(data, 9).Fingerprint;
        }

        Fingerprint(1).ShouldBe(Fingerprint(4));
    }
}
