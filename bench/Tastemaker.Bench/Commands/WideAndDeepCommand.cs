using System.CommandLine;
using Tastemaker.Bench.Studies;

namespace Tastemaker.Bench.Commands;

/// <summary><c>wide-deep</c>: the two parts of Wide &amp; Deep on a rule with exceptions.</summary>
internal static class WideAndDeepCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Data sets and trainings.", DefaultValueFactory = _ => 3 };
        var rows = new Option<int>("--rows") { Description = "Training rows; 200,000 of them are on exceptions.", DefaultValueFactory = _ => 1_000_000 };
        var table = new TableOptions();
        var command = table.AddTo(new Command("wide-deep", "Study what the wide and the deep part of Wide & Deep are each good for.") { seeds, rows });
        command.SetAction(parsed => table.Run(parsed, machine =>
            new WideAndDeepStudy(parsed.GetValue(seeds), parsed.GetValue(rows), Console.Error).Measure(machine, ThisCommand.Text())));
        return command;
    }
}
