using System.CommandLine;
using Tastemaker.Bench.Reports;
using Tastemaker.StoreWriter;

namespace Tastemaker.Bench.Commands;

/// <summary><c>crashes</c>: kills processes that write to an event store, and counts what is left.</summary>
internal static class CrashesCommand
{
    public static Command Create()
    {
        var kills = new Option<int>("--kills") { Description = "Processes to kill.", DefaultValueFactory = _ => 1000 };
        var seed = new Option<int>("--seed") { Description = "Decides the moments.", DefaultValueFactory = _ => 1 };
        var options = new TableOptions();
        var command = options.AddTo(new Command("crashes", "Kill processes that write to an event store at random moments, and count what is lost or stored twice.") { kills, seed });
        command.SetAction(parsed => options.Run(parsed, machine => Measure(parsed.GetValue(kills), parsed.GetValue(seed), machine, ThisCommand.Text())));
        return command;
    }

    private static PerformanceTable Measure(int kills, int seed, MachineFacts machine, string command)
    {
        var folder = Directory.CreateTempSubdirectory("taste-crashes-");
        try
        {
            var progress = new Progress<int>(kill =>
            {
                if (kill % 50 == 0)
                {
                    Console.Error.WriteLine($"{kill} kills");
                }
            });
            var result = new CrashRun(Path.Combine(folder.FullName, "events.db"), seed).RunAsync(kills, progress, CancellationToken.None).GetAwaiter().GetResult();
            return new PerformanceTable
            {
                Title = "Killed writers",
                Text = $"""
                    A process appends to one SQLite event store, up to {CrashRun.OnTheWay} calls of 1 to 4 interactions at a time, and is killed with SIGKILL at a random moment of its writing;
                    {Figure.Count(kills)} times over. After each kill the file is opened and searched for every call that was acknowledged; the next process is sent again, with the same
                    idempotency keys, what was not.
                    """,
                Columns = ["what", "calls"],
                Rows =
                [
                    ["acknowledged", Figure.Count(result.Calls)],
                    ["cut off by a kill and sent again", Figure.Count(result.Retried)],
                    ["of these stored already, which keys kept from being stored twice", Figure.Count(result.StoredUnacknowledged)],
                    ["acknowledged, and lost after a kill", Figure.Count(result.Lost)],
                    ["lost, incomplete or twice in the end", Figure.Count(result.Wrong)],
                ],
                Findings = [$"The file holds {Figure.Count(result.Interactions)} interactions in the end."],
                Command = command,
                Machine = machine,
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
