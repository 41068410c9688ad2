using System.CommandLine;

namespace Tastemaker.Bench.Commands;

/// <summary><c>scale</c>: twenty million generated interactions through import, split, BPR-MF, Multi-VAE and full ranking.</summary>
internal static class ScaleCommand
{
    private const double MostGibibytes = 24;

    public static Command Create()
    {
        var file = new Option<string>("--data")
        {
            Description = "The generated file; made first where it does not exist.", DefaultValueFactory = _ => Path.Combine("artifacts", "generated-20m.csv"),
        };
        var shape = new ShapeOptions();
        var options = new RunOptions(defaultSystems: "bpr-mf,multi-vae", defaultEpochs: 1);
        var command = options.AddTo(shape.AddTo(new Command("scale", $"Run the generated set of 20 million interactions; fails above {MostGibibytes} GiB.") { file }));
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            double? seconds = File.Exists(path) ? null : shape.Write(parsed, path);
            var peak = options.Run(parsed, path, ThisCommand.Text(), seconds).PeakBytes / (double)(1 << 30);
            Console.Error.WriteLine($"peak memory {peak:0.00} GiB of {MostGibibytes} GiB");
            return peak <= MostGibibytes ? 0 : 1;
        });
        return command;
    }
}
