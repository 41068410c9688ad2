using System.CommandLine;

namespace Tastemaker.Bench.Commands;

/// <summary><c>generate --out FILE</c>: a data set shaped like MovieLens, of any size.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--out") { Description = "File to write: .csv, .csv.gz or .parquet.", Required = true };
        var shape = new ShapeOptions();
        var command = shape.AddTo(new Command("generate", "Write a data set shaped like MovieLens-20M: power-law items, lognormal users, latent interests.") { file });
        command.SetAction(parsed => { shape.Write(parsed, parsed.GetValue(file)!); });
        return command;
    }
}
