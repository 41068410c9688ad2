using System.CommandLine;
using Tastemaker.Bench.Reports;
using Tastemaker.Bench.Studies.Defaults;
using Tastemaker.Catalog;

namespace Tastemaker.Bench.Commands;

/// <summary><c>defaults DATA</c>: what the defaults of every top-N system are worth beside tuned settings, on sets of unlike density.</summary>
internal static class DefaultsCommand
{
    public static Command Create()
    {
        var data = new Argument<string>("data") { Description = "The folder that holds the public sets, a folder each." };
        var json = new Option<string>("--json") { Description = "The results: what they hold is not measured again.", DefaultValueFactory = _ => "bench/results/defaults.json" };
        var page = new Option<string?>("--page") { Description = "The page that is written from them, e.g. docs/defaults.md." };
        var runs = new Option<string>("--out", "-o") { Description = "Folder of the searches; one that was interrupted is gone on with.", DefaultValueFactory = _ => "runs/defaults" };
        var next = new Option<bool>("--next") { Description = "Systems that predict a user's next item, on sets in order of time." };
        var sets = new Option<string?>("--sets") { Description = "Sets, with commas; all of the study without it." };
        var systems = new Option<string?>("--systems") { Description = "Systems by id, with commas; all of the study without it." };
        var trials = new Option<int>("--trials") { Description = "Settings to try for each system on each set.", DefaultValueFactory = _ => 12 };
        var time = new Option<string>("--time") { Description = "Time after which no further setting of a system on a set is begun.", DefaultValueFactory = _ => "10m" };
        var interactions = new Option<int>("--interactions") { Description = "Most interactions of a set: of larger ones, random users.", DefaultValueFactory = _ => 100_000 };
        var pagesOnly = new Option<bool>("--page-only") { Description = "Measure nothing; write the page from the results." };
        var command = new Command("defaults", "Measure what the defaults of top-N systems are worth beside tuned settings; go on where an earlier run stopped.")
        {
            data, json, page, runs, next, sets, systems, trials, time, interactions, pagesOnly,
        };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(json)!;
            var results = DefaultsResults.Read(file) ?? new DefaultsResults
            {
                Command = ThisCommand.Text(),
                Machine = MachineFacts.Gather(0).ToString(),
                Trials = parsed.GetValue(trials),
                Time = parsed.GetValue(time)!,
                Interactions = parsed.GetValue(interactions),
                IsNext = parsed.GetValue(next),
            };
            void Save(DefaultsResults now)
            {
                now.Write(file);
                if (parsed.GetValue(page) is { } text)
                {
                    File.WriteAllText(text, DefaultsPage.Of(now));
                }
            }

            if (parsed.GetValue(pagesOnly))
            {
                Save(results);
                return;
            }

            var (all, allSystems) = results.IsNext ? (DefaultsData.Next, DefaultsStudy.NextSystems) : (DefaultsData.All, DefaultsStudy.Systems);
            var chosenSets = parsed.GetValue(sets) is not { } named ? all : Words(named).Select(name => all.FirstOrDefault(set => set.Name == name)
                ?? throw new InputException($"There is no set '{name}'; there are {string.Join(", ", all.Select(set => set.Name))}.")).ToList();
            var chosenSystems = (parsed.GetValue(systems) is { } ids ? Words(ids) : allSystems).Select(SystemCatalog.Find).ToList();
            new DefaultsStudy(parsed.GetValue(data)!, parsed.GetValue(runs)!, Console.Error).Run(results, chosenSets, chosenSystems, Save);
        });
        return command;
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
