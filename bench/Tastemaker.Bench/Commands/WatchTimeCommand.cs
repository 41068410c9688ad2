using System.CommandLine;
using Tastemaker.Bench.Studies;

namespace Tastemaker.Bench.Commands;

/// <summary><c>youtube-ranking</c>: ranking by watch time, and both stages together, on generated impressions.</summary>
internal static class WatchTimeCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Worlds and trainings.", DefaultValueFactory = _ => 3 };
        var users = new Option<int>("--users") { Description = "Users of a world.", DefaultValueFactory = _ => 10_000 };
        var pages = new Option<int>("--pages") { Description = "Pages of ten impressions to train on.", DefaultValueFactory = _ => 40_000 };
        var table = new TableOptions();
        var command = table.AddTo(new Command("youtube-ranking", "Study what weighing clicks with minutes does to ranking, and what the second stage adds.") { seeds, users, pages });
        command.SetAction(parsed => table.Run(parsed, machine =>
            new WatchTimeStudy(parsed.GetValue(seeds), parsed.GetValue(users), parsed.GetValue(pages), Console.Error).Measure(machine, ThisCommand.Text())));
        return command;
    }
}
