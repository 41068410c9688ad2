using System.CommandLine;
using Spectre.Console;
using Tastemaker.Batches;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Data.Import.Prepared;
using Tastemaker.Data.Inspection;
using Tastemaker.Data.Locations;
using Tastemaker.Data.Sources;
using Tastemaker.Data.Splits;
using Tastemaker.Features;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste data ...</c>: look at data, import it, split it, fetch public sets.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Look at data, import it, split it, fetch public sets.")
    {
        Inspect(),
        Import(),
        Split(),
        Fields(),
        Fetch(),
    };

    private static TasteCommand Inspect()
    {
        var (paths, arguments) = Arguments();
        var command = new TasteCommand(
            "inspect",
            "Show what data holds and how it is read: columns, counts, distributions, warnings, and a memory plan.",
            ("taste data inspect ratings.csv", "Everything is recognized; options say otherwise."),
            ("taste data inspect clicks.csv --label-column clicked", "Rows with 0/1 labels: the share of positives, and each feature's categories."),
            ("taste data inspect movielens-1m --filter \"min-value(4)\" --filter \"k-core(5)\"", "A fetched public set, after filters."))
        {
            paths,
        };
        arguments.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var options = PublicData.Locate(Options(parsed, paths, arguments));
            try
            {
                var inspection = options.Filters.Count == 0
                    ? DatasetInspector.Inspect(options, progress: null, cancellation)
                    : DatasetInspector.Inspect(Loading.Data(options, terminal, cancellation));
                inspection = inspection with { Warnings = [.. inspection.Warnings.Select(OptionWords.Of)] };
                return Task.FromResult(terminal.Result(inspection, console => Terminal.Write(console, InspectionText.Render(inspection))));
            }
            catch (InputException refusal) when (Seen(options, refusal, cancellation) is { } source)
            {
                source = source with { Problems = [.. source.Problems.Select(OptionWords.Of)] };
                return Task.FromResult(terminal.Refuse(
                    source.Problems,
                    new { error = Terminal.WrongInput, source.Problems, source.Source, source.Layout, source.Rows, source.Columns },
                    console => Terminal.Write(console, InspectionText.Render(source with { Problems = [] }))));
            }
        });
    }

    // What an import refuses can still be looked at, unless there is nothing to see.
    private static SourceInspection? Seen(DataOptions options, InputException refusal, CancellationToken cancellation)
    {
        try
        {
            return SourceInspector.Inspect(options, refusal.Problems, cancellation);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static TasteCommand Fetch()
    {
        var name = new Argument<string?>("name") { Description = "A public set; without it, all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var root = new Option<string?>("--data-root") { Description = $"Folder of fetched sets. Default: {DataRoot.Variable}, or the user's data folder." };
        return new TasteCommand(
            "fetch",
            "Get a public data set by name into a local folder, or list them.",
            ("taste data fetch", "The sets with their licences."),
            ("taste data fetch movielens-1m", "Downloads, checks and unpacks; then 'taste train movielens-1m --system ease' works."))
        {
            name, root,
        }.Does(async (parsed, terminal, cancellation) =>
        {
            if (parsed.GetValue(name) is not { } wanted)
            {
                return List(terminal);
            }

            var set = PublicDatasets.Find(wanted);
            terminal.Note($"{set.Description} Terms: {set.Licence}. See {set.Page}");
            var fetched = await PublicDatasets.FetchAsync(wanted, parsed.GetValue(root), new FetchDisplay(terminal), cancellation);
            return terminal.Result(
                new { name = set.Name, fetched.Folder, fetched.Verified, set.Licence, set.Note },
                console => console.WriteLine($"{set.Name} is in {fetched.Folder}.{(set.Note is { } note ? $" {note}" : "")}"));
        });
    }

    private static int List(Terminal terminal) => terminal.Result(PublicDatasets.All.Select(set => new { set.Name, set.Description, set.Licence, set.Page }), console =>
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("name", "what", "terms");
        foreach (var set in PublicDatasets.All)
        {
            table.AddRow($"[bold]{Markup.Escape(set.Name)}[/]", Markup.Escape(set.Description), Markup.Escape(set.Licence));
        }

        console.Write(table);
    });

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
        var outputs = new Outputs();
        outputs.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(output);
            var options = Options(parsed, paths, arguments);
            outputs.CheckFolder(parsed, "--out", folder, DataInputs.Of(options), PreparedFolder.IsOne);
            var data = Loading.Data(options, terminal, cancellation);
            if (!outputs.Overwrites(parsed) && PreparedFolder.IsOne(folder) && EarlierOutput.SourceOf(folder) is { } source && source != EarlierOutput.SourceOf(data))
            {
                throw new InputException($"--out {folder}: this folder holds data that was {source}, so it is not replaced with data that was {EarlierOutput.SourceOf(data)}. Name another folder, or add --overwrite.");
            }

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
        var outputs = new Outputs();
        outputs.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var options = Options(parsed, paths, arguments);
            var inputs = DataInputs.Of(options);
            void Check(string path) => outputs.CheckFile(parsed, "--out", path, inputs, SplitFiles.IsEarlier);
            if (parsed.GetValue(output) is { } wanted)
            {
                // Before an import that may take long; which of the others are written is known after it.
                SplitFiles.Names.Where(name => name is "train.csv" or "test.csv").ToList().ForEach(name => Check(Path.Combine(wanted, name)));
            }

            var splitter = SplitterSyntax.Parse(options.Split ?? Defaults.Split) with { IncludeSeen = options.IncludeSeen };
            var split = Loading.Split(Loading.Data(options, terminal, cancellation), splitter, parsed.GetValue(seed), terminal);
            if (parsed.GetValue(output) is { } folder)
            {
                SplitFiles.Write(split, folder, Check);
            }

            return Task.FromResult(terminal.Result(
                new
                {
                    split.Description,
                    split.Fingerprint,
                    train = split.Train.Interactions.Count,
                    validation = Held(split.Validation),
                    test = Held(split.Test),
                    positives = split.Train.Data.IsLabelled
                        ? new { train = Positives(split.Train.Data), validation = Positives(split.Validation?.Impressions), test = Positives(split.Test.Impressions) }
                        : null,
                    split.Notes,
                },
                console => console.WriteLine($"{split.Description}, fingerprint {split.Fingerprint}: {Parts(split)}")));
        });
    }

    private static TasteCommand Fields()
    {
        var (paths, arguments) = Arguments();
        var fields = new Option<string[]>("--field") { Description = "A field, such as age, genres(minimum-count=5), title(words=8000) or \"cross(gender,genres)\"; may be repeated. Default: identifiers and all columns that are no text.", DefaultValueFactory = _ => [] };
        var least = new Option<int>("--minimum-count") { Description = "Training rows that a category must occur in to be known.", DefaultValueFactory = _ => 1 };
        var seed = new Option<ulong>("--split-seed") { Description = "Seed of the split.", DefaultValueFactory = _ => 42 };
        var command = new TasteCommand(
            "fields",
            "Show the fields that systems which read features would see, fitted on the training part of the data.",
            ("taste data fields clicks.csv --label-column clicked", "Every column, with its categories or statistics."),
            ("taste data fields clicks.csv --label-column clicked --field user --field \"hour(hash=24)\" --field \"cross(hour,device)\"", "Fields of your choice."))
        {
            paths, fields, least, seed,
        };
        arguments.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var options = Options(parsed, paths, arguments);
            var splitter = SplitterSyntax.Parse(options.Split ?? Defaults.Split) with { IncludeSeen = options.IncludeSeen };
            var split = Loading.Split(Loading.Data(options, terminal, cancellation), splitter, parsed.GetValue(seed), terminal);
            var chosen = parsed.GetValue(fields)!;
            var schema = new FeatureFit(split.Train, parsed.GetValue(least)).Space(chosen).Schema;
            var unread = (chosen.Length > 0 ? [] : FieldSyntax.Texts(split.Train.Data)).Select(name => (Name: name, Description: $"{name}: text, read only where it is named, as by {name}(words=8000)")).ToList();
            return Task.FromResult(terminal.Result(
                schema.Visible.Select(one => new { one.Name, kind = one.Kind.ToString().ToLowerInvariant(), indexes = one.Size, description = one.ToString() })
                    .Concat(unread.Select(text => new { text.Name, kind = "text", indexes = 0, description = text.Description })),
                console => console.Write(new Text(schema + string.Concat(unread.Select(text => text.Description + "\n"))))));
        });
    }

    // Of labelled data rows, else targets.
    private static int? Held(HoldOut? part) => part?.Impressions?.Interactions.Count ?? part?.Targets.EntryCount;

    private static int? Positives(Dataset? labelled) => labelled?.Interactions.Values.Count(1f);

    private static string Parts(Split split)
    {
        var (train, validation, test) = (split.Train.Data, split.Validation?.Impressions, split.Test.Impressions);
        return train.IsLabelled
            ? $"{train.Interactions.Count:N0} training rows ({Positives(train):N0} with label 1), {Held(split.Validation) ?? 0:N0} validation rows ({Positives(validation) ?? 0:N0}), {Held(split.Test):N0} test rows ({Positives(test):N0})"
            : $"{train.Interactions.Count:N0} training interactions, {Held(split.Validation) ?? 0:N0} validation targets, {Held(split.Test):N0} test targets";
    }

    private static (Argument<string[]> Paths, RecordArguments Arguments) Arguments() =>
        (new Argument<string[]>("data") { Description = "Files, a folder, a database, or the name of a fetched public set.", Arity = ArgumentArity.OneOrMore }, RunArguments.DataArguments);

    private static DataOptions Options(ParseResult parsed, Argument<string[]> paths, RecordArguments arguments)
    {
        var files = new OptionAssignment("paths", new YamlSequenceNode(parsed.GetRequiredValue(paths).Select(path => new YamlScalarNode(path))), "data");
        var given = arguments.Given(parsed).Select(assignment => assignment with { Key = assignment.Key["data.".Length..] });
        return OptionBinder.Bind<DataOptions>(given.Prepend(files), "data");
    }

    private static object Counts(Dataset data, string folder) => new
    {
        folder, data.Name, data.Fingerprint, interactions = data.Interactions.Count, users = data.Users.Count, items = data.Items.Count,
    };
}
