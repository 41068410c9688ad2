using System.CommandLine;
using Tastemaker.Catalog;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data.Import;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Serving.Events;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Cli.Arguments;

/// <summary>
/// What a run is made of, on the command line: data files with how to read them, filters, split, training and evaluation options, a
/// configuration file, and --set for hyper-parameters. The command line is stronger than the file.
/// </summary>
internal sealed class RunArguments
{
    private static readonly string[] SplitOptions = ["--split", "--include-seen"];

    private readonly Argument<string[]> paths = new("data")
    {
        Description = "Files of interactions, a folder, a database, or the name of a public set that 'taste data fetch' has fetched.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> fromStore = new("--from-store")
    {
        Description = "Take the interactions of an event store: its file, or a connection string of PostgreSQL. The model remembers how far it has read.",
        HelpName = "store",
    };

    private readonly Option<string?> config = new("--config") { Description = "A YAML or JSON file of settings; 'taste train --show' prints one.", HelpName = "file" };

    private readonly Option<string[]> settings = new("--set") { Description = "A setting, such as learning-rate=0.001; may be repeated.", HelpName = "name=value" };

    private readonly Option<string?> splitSeed = new("--split-seed") { Description = "Seed of the split.", HelpName = "number" };

    private readonly RecordArguments data = DataArguments;

    private readonly RecordArguments training = new("training", typeof(TrainingOptions));

    private readonly RecordArguments evaluation = new("evaluation", typeof(EvaluationOptions), OptionWords.EvaluationNames);

    /// <summary>The data options as command-line options, without the paths.</summary>
    public static RecordArguments DataArguments => new("data", typeof(DataOptions), OptionWords.DataNames);

    /// <summary>Adds everything to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(paths);
        command.Options.Add(fromStore);
        command.Options.Add(config);
        command.Options.Add(settings);
        data.AddTo(command);
        command.Options.Add(splitSeed);
        training.AddTo(command);
        evaluation.AddTo(command);
        if (command is TasteCommand taste)
        {
            var ofSplit = data.Options.Where(option => SplitOptions.Contains(option.Name)).Append(splitSeed).ToList();
            taste.Entitle("Data", data.Options.Except(ofSplit).Prepend(fromStore));
            taste.Entitle("Split", ofSplit);
            taste.Entitle("Training", training.Options);
            taste.Entitle("Evaluation", evaluation.Options);
        }
    }

    /// <summary>The file of settings; null where none is named.</summary>
    public ConfigurationSource? File(ParseResult parsed) => parsed.GetValue(config) is { } file ? ConfigurationSource.FromFile(file) : null;

    /// <summary>The configuration of one system.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="system">The system; null if the file names it.</param>
    /// <param name="skip">Keys of the file that are not of the run, folded.</param>
    /// <param name="among">The systems of a command for several: a setting that names none of them is for those that have the option.</param>
    /// <exception cref="InputException">All that is wrong, at once.</exception>
    public RunConfiguration Configuration(ParseResult parsed, string? system, IReadOnlyCollection<string>? skip = null, IReadOnlyList<string>? among = null)
    {
        var problems = new List<string>();
        var binder = new RunConfigurationBinder(SystemCatalog.Find, problems);
        if (File(parsed) is { } source)
        {
            binder.Add(source, source.Root, skip);
        }

        foreach (var setting in Given(parsed, system, among ?? [], problems))
        {
            binder.Set(setting);
        }

        var configuration = binder.Bind();
        if (configuration is { Data.Paths.Count: 0 })
        {
            problems.Add("No data is named: give a file, a folder or a public set, e.g. 'taste train ratings.csv --system ease'.");
        }

        return configuration is not null && problems.Count == 0 ? configuration : throw new InputException(problems);
    }

    /// <summary>What was given with --set.</summary>
    public IReadOnlyList<string> Settings(ParseResult parsed) => parsed.GetValue(settings) ?? [];

    private IEnumerable<OptionAssignment> Given(ParseResult parsed, string? system, IReadOnlyList<string> among, List<string> problems)
    {
        if (system is not null)
        {
            yield return new OptionAssignment("system", new YamlScalarNode(system), $"--system {system}");
        }

        if (Paths(parsed, problems) is { Length: > 0 } files)
        {
            yield return new OptionAssignment("data.paths", new YamlSequenceNode(files.Select(file => new YamlScalarNode(file))), "data");
        }

        if (parsed.GetValue(splitSeed) is { } seed)
        {
            yield return new OptionAssignment("split-seed", new YamlScalarNode(seed), $"--split-seed {seed}");
        }

        foreach (var given in data.Given(parsed).Concat(training.Given(parsed)).Concat(evaluation.Given(parsed)))
        {
            yield return given;
        }

        foreach (var setting in Settings(parsed, system, among, problems))
        {
            yield return setting;
        }
    }

    private string[] Paths(ParseResult parsed, List<string> problems)
    {
        var files = parsed.GetValue(paths) ?? [];
        if (parsed.GetValue(fromStore) is not { } store)
        {
            return files;
        }

        if (files.Length > 0)
        {
            problems.Add($"The data is to come from the store {store} and from {string.Join(", ", files)}. Give one of the two, or export the store and give both files.");
        }

        return [EventStores.DataPath(store)];
    }

    // "--set ease.regularization=300" speaks to one of several systems.
    private IEnumerable<OptionAssignment> Settings(ParseResult parsed, string? system, IReadOnlyList<string> among, List<string> problems)
    {
        foreach (var text in parsed.GetValue(settings) ?? [])
        {
            OptionAssignment setting;
            try
            {
                setting = OptionAssignment.Parse(text);
            }
            catch (InputException bad)
            {
                problems.AddRange(bad.Problems);
                continue;
            }

            var dot = setting.Key.IndexOf('.', StringComparison.Ordinal);
            var addressed = dot > 0 && SystemCatalog.Systems.Any(entry => entry.Id.Equals(setting.Key[..dot], StringComparison.OrdinalIgnoreCase));
            if (!addressed)
            {
                if (system is null || !SharedSettings.Lacking(text, among).Contains(system))
                {
                    yield return setting;
                }
            }
            else if (setting.Key[..dot].Equals(system, StringComparison.OrdinalIgnoreCase))
            {
                yield return setting with { Key = $"options.{setting.Key[(dot + 1)..]}" };
            }
        }
    }
}
