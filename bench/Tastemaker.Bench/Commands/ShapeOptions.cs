using System.CommandLine;
using System.Diagnostics;
using Tastemaker.Bench.Generation;

namespace Tastemaker.Bench.Commands;

/// <summary>The options that say what data set to generate.</summary>
internal sealed class ShapeOptions
{
    private static readonly SyntheticShape Default = new();

    private readonly Option<int> interactions = new("--interactions") { Description = "Rows.", DefaultValueFactory = _ => Default.Interactions };

    private readonly Option<int> users = new("--users") { Description = "Users.", DefaultValueFactory = _ => Default.Users };

    private readonly Option<int> items = new("--items") { Description = "Items.", DefaultValueFactory = _ => Default.Items };

    private readonly Option<ulong> seed = new("--data-seed") { Description = "Seed of the generated data.", DefaultValueFactory = _ => Default.Seed };

    public Command AddTo(Command command)
    {
        command.Add(interactions);
        command.Add(users);
        command.Add(items);
        command.Add(seed);
        return command;
    }

    /// <summary>Generates and writes the data set; returns the seconds that took.</summary>
    public double Write(ParseResult parsed, string path)
    {
        var shape = new SyntheticShape
        {
            Interactions = parsed.GetValue(interactions), Users = parsed.GetValue(users), Items = parsed.GetValue(items), Seed = parsed.GetValue(seed),
        };
        var clock = Stopwatch.StartNew();
        InteractionFile.Write(SyntheticInteractions.Generate(shape), path);
        Console.Error.WriteLine($"wrote {shape.Interactions} interactions to {path} in {clock.Elapsed.TotalSeconds:0.0} s");
        return clock.Elapsed.TotalSeconds;
    }
}
