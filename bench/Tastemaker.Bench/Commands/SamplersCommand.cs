using System.CommandLine;
using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Bench.Generation;
using Tastemaker.Bench.Measuring;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;

namespace Tastemaker.Bench.Commands;

/// <summary><c>samplers</c>: drawing negatives and building batches.</summary>
internal static class SamplersCommand
{
    private const int Draws = 2_000_000;

    public static Command Create()
    {
        var options = new TableOptions();
        var command = options.AddTo(new Command("samplers", "Time negatives that a user does not have, and batches without training."));
        command.SetAction(parsed => options.Run(parsed, machine => Measure(machine, ThisCommand.Text())));
        return command;
    }

    private static PerformanceTable Measure(MachineFacts machine, string command)
    {
        var shape = GeneratedData.SmallShape;
        var train = GeneratedData.TrainingSet(shape);
        var large = GeneratedData.TrainingSet(new SyntheticShape { Interactions = 4_000_000, Users = 100_000, Items = 100_000 });
        (string What, double Count, Action Work)[] works =
        [
            ("uniform negatives, bitmap of what was seen", Draws, Drawing(new NegativeSampler(train), train, machine.Threads)),
            ("popularity^0.75 negatives, bitmap", Draws, Drawing(new NegativeSampler(train, 0.75), train, machine.Threads)),
            ("uniform negatives, sorted rows (100,000 x 100,000)", Draws, Drawing(new NegativeSampler(large), large, machine.Threads)),
            ("labelled pairs, 4 negatives each, in batches of 4,096", train.Seen.EntryCount * 5.0, Building(new PointwiseSource(train, 4096, 4))),
            ("comparisons in batches of 4,096", train.Seen.EntryCount, Building(new PairwiseSource(train, 4096))),
            ("user rows in batches of 500, interactions", train.Seen.EntryCount, Building(new UserRowSource(train.Seen, 500))),
        ];
        var seconds = Rounds.Medians(3, [.. works.Select(work => work.Work)]);
        return new PerformanceTable
        {
            Title = "Samplers and batches",
            Text = $"""
                Negatives are drawn by {machine.Threads} threads and checked against what the user has; batches are built by one thread, as beside a training step.
                {Figure.Count(shape.Interactions)} generated interactions of {Figure.Count(shape.Users)} users with {Figure.Count(shape.Items)} items unless said.
                """,
            Columns = ["what", "a second"],
            Rows = [.. works.Zip(seconds, (work, time) => new[] { work.What, Figure.Significant(work.Count / time) })],
            Command = command,
            Machine = machine,
        };
    }

    private static Action Drawing(NegativeSampler sampler, TrainingSet train, int threads)
    {
        var parts = Enumerable.Range(0, threads).ToArray();
        var sinks = new long[threads * 16]; // a cache line each
        return () => Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var random = new SeededRandom(1, (ulong)part);
            var (user, sum) = (part, 0L);
            for (var draw = 0; draw < Draws / threads; draw++)
            {
                sampler.TryDraw(user, random, out var item);
                sum += item;
                user = user + 7 < train.UserCount ? user + 7 : part;
            }

            sinks[part * 16] = sum;
        });
    }

    private static Action Building<TBatch>(IBatchSource<TBatch> source)
        where TBatch : Batch => () =>
    {
        foreach (var batch in source.Epoch(new SeededRandom(1)))
        {
            batch.Dispose();
        }
    };
}
