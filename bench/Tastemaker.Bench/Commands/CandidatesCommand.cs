using System.CommandLine;
using Tastemaker.Bench.Studies;

namespace Tastemaker.Bench.Commands;

/// <summary><c>youtube-candidates</c>: candidate generation on generated watches.</summary>
internal static class CandidatesCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Worlds and trainings.", DefaultValueFactory = _ => 3 };
        var users = new Option<int>("--users") { Description = "Users of a world.", DefaultValueFactory = _ => 10_000 };
        var table = new TableOptions();
        var command = table.AddTo(new Command("youtube-candidates", "Study what example age and labels do to candidate generation.") { seeds, users });
        command.SetAction(parsed => table.Run(parsed, machine =>
            new CandidateStudy(parsed.GetValue(seeds), parsed.GetValue(users), Console.Error).Measure(machine, ThisCommand.Text())));
        return command;
    }
}
