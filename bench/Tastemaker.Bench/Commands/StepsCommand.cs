using System.CommandLine;
using Tastemaker.Bench.Generation;
using Tastemaker.Bench.Measuring;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Data.Import;

namespace Tastemaker.Bench.Commands;

/// <summary><c>steps</c>: training steps of the systems trained by gradient descent, taken apart, on data of a given shape.</summary>
internal static class StepsCommand
{
    public static Command Create()
    {
        var systems = new Option<string>("--systems") { Description = "Systems by id, with commas.", DefaultValueFactory = _ => "gmf,mlp,neumf,multi-dae,multi-vae,gru4rec" };
        var settings = new Option<string[]>("--set") { Description = "A setting of a system, such as neumf.batch-size=4096; may be repeated.", DefaultValueFactory = _ => [] };
        var title = new Option<string>("--title") { Description = "Heading of the table.", DefaultValueFactory = _ => "Training steps" };
        var seconds = new Option<double>("--seconds") { Description = "About how long to measure each part.", DefaultValueFactory = _ => 4 };
        var data = new Option<string?>("--data") { Description = "A file of interactions that Tastemaker imports; generated ones of the given shape without it." };
        var users = new Option<int>("--users") { Description = "Users.", DefaultValueFactory = _ => 6_040 };
        var items = new Option<int>("--items") { Description = "Items.", DefaultValueFactory = _ => 3_706 };
        var interactions = new Option<int>("--interactions") { Description = "Interactions.", DefaultValueFactory = _ => 1_000_000 };
        var options = new TableOptions();
        var command = options.AddTo(new Command("steps", "Time training steps: the trainer, a bare loop on one batch, and a plain loop of torch's own parts.")
        {
            systems, settings, title, seconds, data, users, items, interactions,
        });
        command.SetAction(parsed => options.Run(parsed, machine =>
        {
            var shape = new SyntheticShape { Users = parsed.GetValue(users), Items = parsed.GetValue(items), Interactions = parsed.GetValue(interactions) };
            var chosen = ChosenSystems.Parse(parsed.GetValue(systems)!, parsed.GetValue(settings)!);
            Console.Error.WriteLine(parsed.GetValue(data) is { } named ? $"importing {named}" : $"generating {shape.Interactions:N0} interactions");
            var train = parsed.GetValue(data) is { } file ? new TrainingSet(DatasetImport.Import(DataOptions.From(file))) : GeneratedData.TrainingSet(shape);
            var limits = MachineLimits.Measure();
            var measured = chosen.Select(choice =>
            {
                Console.Error.WriteLine($"measuring {choice.System.Id}");
                return StepRun.Measure(choice.System, choice.Options, train, machine.Threads, parsed.GetValue(seconds));
            }).ToArray();
            return StepsTable.Of(parsed.GetValue(title)!, train, measured, limits, machine, ThisCommand.Text());
        }));
        return command;
    }
}
