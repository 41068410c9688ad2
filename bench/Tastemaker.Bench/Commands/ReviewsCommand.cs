using System.CommandLine;
using Tastemaker.Bench.Studies;

namespace Tastemaker.Bench.Commands;

/// <summary><c>planted-reviews</c>: rating prediction from generated reviews.</summary>
internal static class ReviewsCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Worlds and trainings.", DefaultValueFactory = _ => 3 };
        var users = new Option<int>("--users") { Description = "Users of a world.", DefaultValueFactory = _ => 2_000 };
        var table = new TableOptions();
        var command = table.AddTo(new Command("planted-reviews", "Study what reviews give a rating predictor.") { seeds, users });
        command.SetAction(parsed => table.Run(parsed, machine =>
            new ReviewStudy(parsed.GetValue(seeds), parsed.GetValue(users), Console.Error).Measure(machine, ThisCommand.Text())));
        return command;
    }
}
