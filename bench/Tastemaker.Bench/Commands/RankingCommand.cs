using System.CommandLine;
using Tastemaker.Bench.Measuring;

namespace Tastemaker.Bench.Commands;

/// <summary><c>ranking</c>: users a second of exact full ranking, beside what bounds it.</summary>
internal static class RankingCommand
{
    public static Command Create()
    {
        var users = new Option<int>("--users") { Description = "Users to evaluate.", DefaultValueFactory = _ => 6040 };
        var items = new Option<int>("--items") { Description = "Items of the catalog.", DefaultValueFactory = _ => 3706 };
        var dimension = new Option<int>("--dimension") { Description = "Length of a vector of factor models; other systems keep their defaults.", DefaultValueFactory = _ => 64 };
        var batches = new Option<string>("--batches") { Description = "Requests of a call of the recommending door, with commas.", DefaultValueFactory = _ => "1,32,512" };
        var systems = new Option<string>("--systems") { Description = "Systems by id, with commas.", DefaultValueFactory = _ => "bpr-mf,gmf,multi-vae,mlp,neumf" };
        var seconds = new Option<double>("--seconds") { Description = "About how long to measure each figure.", DefaultValueFactory = _ => 2 };
        var table = new TableOptions();
        var command = table.AddTo(new Command("ranking", "Time exact full ranking and recommending, and show what bounds them.") { users, items, dimension, batches, systems, seconds });
        command.SetAction(parsed =>
        {
            var chosen = Split(parsed.GetValue(systems)!).Select(id => RankedSystem.Of(id, parsed.GetValue(dimension))).ToList();
            var sizes = Split(parsed.GetValue(batches)!).Select(Size).ToList();
            var world = new RankingWorld(parsed.GetValue(users), parsed.GetValue(items));
            table.Run(parsed, machine =>
                new RankingTable(chosen, world, sizes, table.Threads(parsed), parsed.GetValue(seconds), Console.Error).Measure(machine, ThisCommand.Text()));
        });
        return command;
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static int Size(string text) =>
        int.TryParse(text, out var size) && size > 0 ? size : throw new InputException($"--batches {text}: give whole numbers above 0, with commas.");
}
