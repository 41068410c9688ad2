using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste index RUN</c>: an index for recommending from a large catalog, measured against exact search and kept beside the model.</summary>
internal static class IndexCommand
{
    private const string Section = "index";
    private const int MeasuredUsers = 1000;

    public static Command Create()
    {
        var model = new Argument<string>("run") { Description = "A run folder, or a folder of a saved model." };
        var seconds = new Option<double>("--seconds") { Description = "About how long to time each figure.", DefaultValueFactory = _ => 1 };
        var options = new RecordArguments(Section, typeof(IndexOptions));
        var command = new TasteCommand(
            "index",
            "Build an index over a model's items, so that recommending does not read the whole catalog; measure it; save it.",
            ("taste index runs/bpr-mf", "Finds 95 % of the best hundred items on average; 'taste recommend' uses it from then on."),
            ("taste index runs/bpr-mf --aimed-recall 0.99", "Slower, and misses less."))
        {
            model, seconds,
        };
        options.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var settings = options.Given(parsed).Select(given => given with { Key = given.Key[(Section.Length + 1)..] });
            var chosen = OptionBinder.Bind<IndexOptions>(settings, Section);
            var folder = RunLocator.ModelFolder(parsed.GetRequiredValue(model));
            using var recommender = RunLocator.Load(folder);
            _ = recommender.Vectors ?? throw new InputException(
                $"{recommender.Info.Name} does not score items by inner products of vectors, which is what an index finds; 'taste recommend' ranks its whole catalog.");
            var clock = Stopwatch.StartNew();
            var index = InvertedIndex.Of(recommender, chosen, new Notes(terminal), cancellation);
            var built = clock.Elapsed.TotalSeconds;
            var path = IndexLocator.PathIn(folder);
            index.Save(path);

            // Other users than the index was tuned on, as far as there are so many.
            var queries = UserQueries.Sample(recommender, MeasuredUsers, new SeededRandom(chosen.Seed, 2));
            if (queries.Length == 0)
            {
                throw new InputException($"The index is saved as '{path}', but no user of this model has a vector to measure it with.");
            }

            var measured = IndexMeasurement.Of(ExactIndex.Of(recommender), index, queries, chosen.Depth, parsed.GetValue(seconds));
            return Task.FromResult(terminal.Result(
                new { system = recommender.System, index = path, items = index.Count, index.Dimension, index.Lists, index.Probes, seconds = built, measured.Depth, measured.Recall, measured.Exact, approximate = measured.Index },
                console => Draw(console, index, measured, built, path)));
        });
    }

    private static void Draw(IAnsiConsole console, InvertedIndex index, IndexMeasurement measured, double seconds, string path)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("search");
        foreach (var head in new[] { $"recall@{measured.Depth}", "queries/s, one thread", $"queries/s, {measured.Queries} together" })
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        table.AddRow("exact", "1.000", $"{measured.Exact.OneByOne:N0}", $"{measured.Exact.Together:N0}");
        table.AddRow("index", $"{measured.Recall:0.000}", $"{measured.Index.OneByOne:N0}", $"{measured.Index.Together:N0}");
        console.Write(table);
        console.WriteLine($"{index.Count:N0} items in {index.Lists:N0} lists, of which a search reads {index.Probes:N0}; built in {seconds:0.0} s, saved as {path}.");
        if (measured.Index.OneByOne < measured.Exact.OneByOne)
        {
            console.WriteLine("Exact search is faster on this catalog: delete the file, or give 'taste recommend' --exact.");
        }
    }

    private sealed class Notes(Terminal terminal) : IProgress<IndexProgress>
    {
        private string stage = "";

        public void Report(IndexProgress value)
        {
            lock (terminal)
            {
                if (value.Stage != stage)
                {
                    stage = value.Stage;
                    terminal.Note($"{stage} ...");
                }
            }
        }
    }
}
