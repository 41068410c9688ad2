using System.CommandLine;

namespace Tastemaker.Bench.Commands;

/// <summary><c>end-to-end --data FILE</c>: import, split, train, rank.</summary>
internal static class EndToEndCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "A file of interactions that Tastemaker imports.", Required = true };
        var options = new RunOptions(defaultSystems: "all", defaultEpochs: 3);
        var command = options.AddTo(new Command("end-to-end", "Time import, split, and training and full ranking of each system.") { data });
        command.SetAction(parsed => { options.Run(parsed, parsed.GetValue(data)!, ThisCommand.Text()); });
        return command;
    }
}
