using System.CommandLine;
using Tastemaker.Bench.Measuring;

namespace Tastemaker.Bench.Commands;

/// <summary><c>retrieval</c>: recall and queries a second of the index, beside exact search.</summary>
internal static class RetrievalCommand
{
    public static Command Create()
    {
        var items = new Option<string>("--items") { Description = "Items of the catalogs, with commas.", DefaultValueFactory = _ => "100000,1000000" };
        var dimension = new Option<int>("--dimension") { Description = "Length of a vector.", DefaultValueFactory = _ => 64 };
        var recalls = new Option<string>("--recalls") { Description = "Recalls to aim at, with commas.", DefaultValueFactory = _ => "0.9,0.95,0.99" };
        var queries = new Option<int>("--queries") { Description = "Queries to measure with.", DefaultValueFactory = _ => 1024 };
        var seconds = new Option<double>("--seconds") { Description = "About how long to measure each figure.", DefaultValueFactory = _ => 2 };
        var table = new TableOptions();
        var command = table.AddTo(new Command("retrieval", "Measure the index for large catalogs against exact search.") { items, dimension, recalls, queries, seconds });
        command.SetAction(parsed =>
        {
            var sizes = Numbers<int>("--items", parsed.GetValue(items)!, text => int.TryParse(text, out var size) && size >= 1000 ? size : null);
            var aims = Numbers<double>("--recalls", parsed.GetValue(recalls)!, text => double.TryParse(text, out var aim) && aim is > 0 and <= 1 ? aim : null);
            table.Run(parsed, machine =>
                new RetrievalTable(sizes, parsed.GetValue(dimension), aims, parsed.GetValue(queries), parsed.GetValue(seconds), Console.Error).Measure(machine, ThisCommand.Text()));
        });
        return command;
    }

    private static List<T> Numbers<T>(string option, string list, Func<string, T?> parse)
        where T : struct =>
        [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => parse(text) ?? throw new InputException($"{option} {list}: '{text}' cannot be measured; give sizes from 1000, and recalls up to 1."))];
}
