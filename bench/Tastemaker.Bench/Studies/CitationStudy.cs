using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Hybrid;
using Tastemaker.Options;
using Tastemaker.Systems;

namespace Tastemaker.Bench.Studies;

/// <summary>Whether NCN learns to translate the words of contexts into those of titles, and what it reads in authors.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="contexts">Contexts to learn from.</param>
/// <param name="log">Progress.</param>
internal sealed class CitationStudy(int seeds, int contexts, TextWriter log)
{
    private const string Oracle = "words and communities as planted";
    private const string Words = "words as planted, without authors";
    private const string Search = "BM25";
    private const string Whole = "NCN";
    private const string Without = "NCN, without authors";
    private const string Dealt = "NCN, citing authors dealt out anew";

    private static readonly NcnOptions Options = new() { TextColumn = "context", ItemTextColumn = "title", Candidates = 0, Epochs = 10, LearningRate = 3e-3 };

    private static readonly NcnOptions WithAuthors = Options with { CitingAuthors = "authors", CitedAuthors = "authors" };

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        var (tests, validation) = (Math.Clamp(contexts / 40, 100, 1000), Math.Clamp(contexts / 400, 50, 100));
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var world = new CitationWorld(seed, contexts, tests, validation);
            figures.Add(seed, Oracle, world.Oracle(world.Test, knowsAuthors: true));
            figures.Add(seed, Words, world.Oracle(world.Test, knowsAuthors: false));
            figures.Add(seed, Search, Run(seed, world, Bm25.Info, new Bm25Options { TextColumn = "context", ItemTextColumn = "title" }, isDealt: false));
            figures.Add(seed, Whole, Run(seed, world, Ncn.Info, WithAuthors, isDealt: false));
            figures.Add(seed, Without, Run(seed, world, Ncn.Info, Options, isDealt: false));
            figures.Add(seed, Dealt, Run(seed, world, Ncn.Info, WithAuthors, isDealt: true));
        }

        return new PerformanceTable
        {
            Title = "NCN: contexts and titles without a word in common",
            Text = string.Create(CultureInfo.InvariantCulture, $"{contexts:N0} generated contexts that cite 1,600 of {CitationWorld.Works:N0} works in 40 topics; titles of six to ten of the twenty words of their topic, contexts of 15 to 30 in other words: translations of 60 % of the title's, other words of the topic, and 40 % noise. Citing authors are of 40 communities, each of which prefers ten authors. How often the cited work is among the ten best of all works: of {tests:N0} test contexts, of those that cite a work of training, and of those that cite one of the 400 others. The epoch of ten is the best on {validation:N0} validation contexts, and nothing else was tuned. Mean of {seeds} seeds (least to largest)."),
            Columns = ["system", "recall@10", "works of training", "other works"],
            Rows = figures.Rows(),
            Findings =
            [
                string.Create(CultureInfo.InvariantCulture, $"NCN finds {figures.Mean(Whole) / figures.Mean(Oracle):P0} of what can be found; authors give it {100 * (figures.Mean(Whole) - figures.Mean(Without)):F0} points, and authors dealt out anew {100 * (figures.Mean(Dealt) - figures.Mean(Without)):F0}."),
            ],
            Command = command,
            Machine = machine,
        };
    }

    private static double[] Run(ulong seed, CitationWorld world, SystemInfo system, ModelOptions options, bool isDealt)
    {
        SeededRandom? Random(ulong stream) => isDealt ? new SeededRandom(seed, stream) : null;
        var train = world.Data(Random(32));
        Training.Model Make() => system.Make(system.Resolve(options, train), train);

        // Measuring takes longer than learning: it waits until the best epoch is known.
        var weights = StudyTraining.Best(
            seed, train, Make, null, model => -world.Recall(model, world.Validation, Random(33))[0], model => model.State().ToDictionary(state => state.Key, state => state.Value.clone().DetachFromDisposeScope()));
        using var best = Make();
        best.Restore(weights);
        best.eval();
        return world.Recall(best, world.Test, Random(34));
    }
}
