using System.CommandLine;
using Spectre.Console;
using Tastemaker.Artifacts;
using Tastemaker.Catalog;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Runs;
using Tastemaker.Systems;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste demo</c>: the whole way on the shipped sample, in about a minute.</summary>
internal static class DemoCommand
{
    private const string Mark = "demo.txt";

    private const string Films = "Toy Story, Finding Nemo, Incredibles";

    private static readonly string[] Systems = ["popularity", "item-knn", "ease", "ials", "bpr-mf", "neumf", "multi-vae"];

    public static Command Create()
    {
        var output = new Option<string>("--out", "-o") { Description = "Folder for runs and report: one that is empty, or that an earlier demo wrote, which is emptied first.", DefaultValueFactory = _ => Path.Combine("runs", "demo") };
        return new TasteCommand(
            "demo",
            "See it work: import films, split, train seven systems, compare them, recommend, and write a report.",
            ("taste demo", "About a minute on two cores; the report is runs/demo/report.html."))
        {
            output,
        }.Does((parsed, terminal, cancellation) => Task.FromResult(Run(terminal, parsed.GetValue(output)!, cancellation)));
    }

    /// <summary>The folder of the sample that is installed with the program.</summary>
    public static string Sample => Path.Combine(AppContext.BaseDirectory, "sample", "ml-latest-small");

    private static int Run(Terminal terminal, string folder, CancellationToken cancellation)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, Mark))))
        {
            throw new InputException($"--out {folder}: this was not written by 'taste demo', which empties its folder first. Delete it if you no longer need it, or name another folder.");
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        AtomicFile.WriteText(Path.Combine(folder, Mark), "Written by 'taste demo', which empties this folder when it is called again.\n");

        terminal.Note("The sample is MovieLens latest-small (GroupLens; for non-commercial use, see its README).");
        var data = new DataOptions { Paths = [Sample], Name = "ml-latest-small", Filters = ["k-core(5)"], Split = Defaults.Split };
        var configurations = Systems.Select(id => Configuration(SystemCatalog.Find(id).Id, data)).ToList();
        var split = Loading.Split(Loading.Data(data, terminal, cancellation), SplitterSyntax.Parse(data.Split), configurations[0].SplitSeed, terminal);
        var code = CompareCommand.Compare(configurations, split, folder, reference: null, [], terminal, cancellation);
        if (!terminal.Json && code == ExitCodes.Done)
        {
            Recommend(terminal, Comparison.Folder(folder, configurations[2]));
        }

        return code;
    }

    private static RunConfiguration Configuration(string system, DataOptions data)
    {
        var info = SystemCatalog.Find(system);
        return new RunConfiguration { System = info, Options = DemoOptions.For(info), Data = data };
    }

    private static void Recommend(Terminal terminal, string run)
    {
        using var recommender = RunLocator.Load(run);
        var user = recommender.Users[0];
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"For user {user} (taste recommend {run} --user {user} -n 5):");
        RecommendCommand.Draw(terminal.Out, recommender.Recommend(Request.ForUser(user), 5));
        var history = recommender.FindItemList(Films);
        terminal.Out.WriteLine($"For someone who liked {Films} (taste recommend {run} --history \"{Films}\" -n 5):");
        RecommendCommand.Draw(terminal.Out, recommender.Recommend(Request.ForHistory(history), 5));
        terminal.Out.WriteLine("Next: ./taste compare YOUR-FILE.csv --systems neumf,multi-vae");
    }
}

/// <summary>Hyper-parameters that suit the small sample, where the defaults are made for larger data.</summary>
internal static class DemoOptions
{
    public static ModelOptions For(SystemInfo system) => system.DefaultOptions switch
    {
        NeuMFOptions options => options with { PretrainingEpochs = 0, Epochs = 6, BatchSize = 1024, LearningRate = 2e-3 },
        MultiVaeOptions options => options with { Epochs = 60, BatchSize = 100 },
        var options => options,
    };
}
