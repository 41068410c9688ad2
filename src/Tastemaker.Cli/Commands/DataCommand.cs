using Spectre.Console;
using System.CommandLine;
using Tastemaker.Catalog;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste data ...</c>: look at data, import it, split it, fetch public sets.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Look at data, import it, split it, fetch public sets.")
    {
        Import(),
        Split(),
    };

    private static TasteCommand Import()
    {
        var (paths, arguments) = Arguments();
        var output = new Option<string>("--out", "-o") { Description = "Folder of the prepared data set.", Required = true };
        var command = new TasteCommand(
            "import",
            "Import once into a prepared folder (Parquet) that every command reads fast.",
            ("taste data import ratings.csv --filter \"k-core(5)\" --out prepared/", "Filters are applied on the way."))
        {
            paths, output,
        };
        arguments.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(output);
            var data = Loading.Data(Options(parsed, paths, arguments), terminal, cancellation);
            PreparedData.Write(data, folder, cancellation);
            return Task.FromResult(terminal.Result(Counts(data, folder), console => console.WriteLine($"Written to {folder}.")));
        });
    }

    private static TasteCommand Split()
    {
        var (paths, arguments) = Arguments();
        var output = new Option<string?>("--out", "-o") { Description = "Folder for train.csv, validation.csv and test.csv; without it the split is only described." };
        var seed = new Option<ulong>("--split-seed") { Description = "Seed of the split.", DefaultValueFactory = _ => 42 };
        var command = new TasteCommand(
            "split",
            "Split data and show what each part holds; write the parts for other programs.",
            ("taste data split ratings.csv --split leave-one-out", "What the parts would hold."),
            ("taste data split ratings.csv --split \"hash(mod=5,test=0)\" --out parts/", "Three CSV files with the original ids."))
        {
            paths, output, seed,
        };
        arguments.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var options = Options(parsed, paths, arguments);
            var splitter = SplitterSyntax.Parse(options.Split ?? Defaults.Split);
            var split = Loading.Split(Loading.Data(options, terminal, cancellation), splitter, parsed.GetValue(seed), terminal);
            if (parsed.GetValue(output) is { } folder)
            {
                SplitFiles.Write(split, folder);
            }

            return Task.FromResult(terminal.Result(
                new
                {
                    split.Description,
                    split.Fingerprint,
                    train = split.Train.Interactions.Count,
                    validation = split.Validation?.Targets.EntryCount,
                    test = split.Test.Targets.EntryCount,
                    split.Notes,
                },
                console => console.WriteLine(
                    $"{split.Description}, fingerprint {split.Fingerprint}: {split.Train.Interactions.Count:N0} training interactions, " +
                    $"{split.Validation?.Targets.EntryCount ?? 0:N0} validation targets, {split.Test.Targets.EntryCount:N0} test targets")));
        });
    }

    private static (Argument<string[]> Paths, RecordArguments Arguments) Arguments() =>
        (new Argument<string[]>("data") { Description = "Files, a folder, a database, or the name of a fetched public set.", Arity = ArgumentArity.OneOrMore }, RunArguments.DataArguments);

    private static DataOptions Options(ParseResult parsed, Argument<string[]> paths, RecordArguments arguments)
    {
        var files = new OptionAssignment("paths", new YamlSequenceNode(parsed.GetRequiredValue(paths).Select(path => new YamlScalarNode(PublicData.Locate(path)))), "data");
        var given = arguments.Given(parsed).Select(assignment => assignment with { Key = assignment.Key["data.".Length..] });
        return OptionBinder.Bind<DataOptions>(given.Prepend(files), "data");
    }

    private static object Counts(Dataset data, string folder) => new
    {
        folder, data.Name, data.Fingerprint, interactions = data.Interactions.Count, users = data.Users.Count, items = data.Items.Count,
    };
}
