using System.CommandLine;
using System.Diagnostics;
using Tastemaker.Bench.Generation;
using Tastemaker.Bench.Measuring;
using Tastemaker.Bench.Reports;
using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Models.Recurrent;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Commands;

/// <summary><c>guards</c>: what was slow once, against what it was.</summary>
internal static class GuardsCommand
{
    public static Command Create()
    {
        var options = new TableOptions();
        var command = options.AddTo(new Command("guards", "Time values out of tensors, sessions that begin alike, live users, products with a graph, random walks, and checkpoints, each against the plain way."));
        command.SetAction(parsed => options.Run(parsed, machine => Measure(machine, ThisCommand.Text())));
        return command;
    }

    private static PerformanceTable Measure(MachineFacts machine, string command) => new()
    {
        Title = "Values, sessions, graphs, checkpoints",
        Text = """
            What was slow in an earlier version, against that way. Values leave a tensor in one copy, where TorchSharp's accessor walks over tensors of two dimensions value by value. Requests of one session begin
            alike, so GRU4Rec walks what they share once; a live user's history goes on from the state that it had at the last request. A graph of users and items multiplies a table of vectors row by row, where torch gathers a row per entry and adds them up. Random walks run on all cores. A checkpoint is written every ten
            seconds at most (`checkpoint-seconds`), not after every epoch.
            """,
        Columns = ["what", "ours", "time", "against", "time", "ratio"],
        Rows = [Values(), Sessions(), LiveUser(), Graph(), Walks(), Checkpoints()],
        Command = command,
        Machine = machine,
    };

    private static string[] Row(string what, string ours, double time, string against, double other) => [what, ours, Figure.Time(time), against, Figure.Time(other), Figure.Ratio(other / time)];

    private static string[] Values()
    {
        using var scores = rand(3_496, 600);
        var times = Rounds.Medians(2, () => _ = scores.ToValues<float>(), () => _ = scores.data<float>().ToArray());
        return Row("3,496 x 600 values out of a tensor", "one copy", times[0], "`data<float>().ToArray()`", times[1]);
    }

    private static string[] Sessions()
    {
        const int Items = 20_000, Sessions = 200, Length = 8;
        using var model = new Gru4Rec(new Gru4RecOptions { Layers = [100] }, new Inputs.ModelShape(Sessions, Items));
        model.eval();
        model.MakeReady();
        var random = new SeededRandom(1);
        int[][] sessions = [.. Enumerable.Range(0, Sessions).Select(_ => Enumerable.Range(0, Length).Select(_ => random.Next(Items)).ToArray())];
        int[][] prefixes = [.. sessions.SelectMany(session => Enumerable.Range(1, Length).Select(length => session[..length]))];
        var together = Requests(prefixes);
        RequestBatch[] apart = [.. Enumerable.Range(0, Length).Select(length => Requests([.. prefixes.Where((_, place) => place % Length == length)]))];
        var scores = new float[together.Count * Items];
        var times = Rounds.Medians(
            4,
            () => model.Scorer.Score(together, scores),
            () =>
            {
                foreach (var batch in apart)
                {
                    model.Scorer.Score(batch, scores.AsSpan(0, batch.Count * Items)); // of one length each: nothing is shared
                }
            });
        return Row($"GRU4Rec's scores of {prefixes.Length:N0} requests of {Sessions} sessions", "shared beginnings once", times[0], "each history by itself", times[1]);
    }

    private static string[] LiveUser()
    {
        const int Items = 20_000, Length = 500;
        using var model = new Gru4Rec(new Gru4RecOptions { Layers = [100] }, new Inputs.ModelShape(1, Items));
        model.eval();
        model.MakeReady();
        var (random, scores) = (new SeededRandom(1), new float[Items]);
        List<int> live = [.. Enumerable.Range(0, Length).Select(_ => random.Next(Items))];
        var times = Rounds.Medians(
            3,
            () =>
            {
                live.Add(random.Next(Items));
                model.Scorer.Score(Requests([[.. live]]), scores);
            },
            () => model.Scorer.Score(Requests([[.. Enumerable.Range(0, Length).Select(_ => random.Next(Items))]]), scores)); // of another user each time
        return Row($"GRU4Rec's scores of a live user with {Length} items or more, of which one is new", "a step from the last state", times[0], "a history read from its beginning", times[1]);
    }

    private static string[] Walks()
    {
        const int Steps = 500;
        var seen = GeneratedData.TrainingSet(GeneratedData.SmallShape).Seen;
        var walks = new RandomWalks(seen, seen.Transpose()) { Steps = Steps };
        var times = Rounds.Medians(3, () => walks.Visits(50, 1, Parallelism.Loop()), () => walks.Visits(50, 1, new ParallelOptions { MaxDegreeOfParallelism = 1 }));
        return Row($"random walks: {Steps} steps from each of {seen.ColumnCount:N0} items ({Figure.Significant(Steps * (double)seen.ColumnCount / times[0])} steps/s)", "all cores", times[0], "one core", times[1]);
    }

    private static RequestBatch Requests(int[][] histories) => new([.. histories.Select(_ => -1)], SparseRows.FromRows([.. histories], 20_000));

    private static string[] Graph()
    {
        const int Dimension = 64;
        var seen = GeneratedData.TrainingSet(GeneratedData.SmallShape).Seen;
        using var matrix = CsrMatrix.Normalized(seen);
        using var table = randn(seen.ColumnCount, Dimension);
        using var columns = tensor(seen.Columns.ToArray()).to(int64);
        using var owners = tensor(Enumerable.Range(0, seen.RowCount).SelectMany(row => Enumerable.Repeat((long)row, seen.Length(row))).ToArray());
        var times = Rounds.Medians(
            3,
            () => matrix.Times(table).Dispose(),
            () =>
            {
                using var scope = NewDisposeScope();
                zeros(seen.RowCount, Dimension).index_add_(0, owners, table.index_select(0, columns), 1);
            });
        return Row($"{seen.EntryCount:N0} interactions times vectors of {Dimension}", "row by row", times[0], "torch: gather and add", times[1]);
    }

    private static string[] Checkpoints()
    {
        // Few users with many items: the weights are large, and the epochs short.
        var split = new NoHoldOut().Apply(GeneratedData.TrainingSet(new SyntheticShape { Interactions = 100_000, Users = 671, Items = 9_066 }).Data, 1);
        var options = (GradientModelOptions)SystemCatalog.Find("multi-vae").DefaultOptions with { Epochs = 30 };
        double Seconds(double every)
        {
            var folder = Directory.CreateTempSubdirectory("tastemaker-bench-").FullName;
            try
            {
                var clock = Stopwatch.StartNew();
                Recommender.Train("multi-vae", split, options, new TrainingOptions { CheckpointSeconds = every }, checkpoints: folder).Dispose();
                return clock.Elapsed.TotalSeconds;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        Seconds(10);
        var (rare, often) = (new Samples(), new Samples());
        for (var round = 0; round < 3; round++)
        {
            rare.Add(Seconds(10));
            often.Add(Seconds(0));
        }

        return Row("Multi-VAE, 30 epochs of 671 users with checkpoints", "at most one in 10 s", rare.Median, "one per epoch", often.Median);
    }
}
