using System.CommandLine;
using Tastemaker.Bench.Measuring;
using Tastemaker.Bench.Reports;

namespace Tastemaker.Bench.Commands;

/// <summary><c>import</c>: a large CSV to a ready data set, beside DuckDB reading the same file into a table.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--data")
        {
            Description = "The generated CSV; made first where it does not exist.", DefaultValueFactory = _ => Path.Combine("artifacts", "generated-20m.csv"),
        };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, of which each does every read once; medians count.", DefaultValueFactory = _ => 3 };
        var shape = new ShapeOptions();
        var options = new TableOptions();
        var command = options.AddTo(shape.AddTo(new Command("import", "Time the import of a large CSV beside DuckDB's read_csv into a table.") { file, rounds }));
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            if (!File.Exists(path))
            {
                shape.Write(parsed, path);
            }

            options.Run(parsed, machine =>
            {
                var (table, streamed, import) = new ImportRounds(path, options.Threads(parsed), Console.Error).Measure(Math.Max(1, parsed.GetValue(rounds)));
                return Table(machine, new FileInfo(path).Length, table, streamed, import);
            });
        });
        return command;
    }

    private static PerformanceTable Table(MachineFacts machine, long bytes, ImportTime table, ImportTime streamed, ImportTime import)
    {
        string[] Row(string what, double seconds, long? peak) =>
        [
            what, Figure.Time(seconds), $"{Figure.Significant(import.Rows / seconds)}", $"{Figure.Significant(bytes / seconds / 1e6)}", Figure.Ratio(seconds / table.Seconds),
            peak is { } most ? Figure.Gibibytes(most) : "",
        ];
        return new PerformanceTable
        {
            Title = "Import beside DuckDB",
            Text = $"{Figure.Count(import.Rows)} interactions in a CSV of {bytes / 1e6:0} MB with user, item, rating and time, from the file (in the page cache) to a ready "
                + "data set: identifiers checked and numbered, vocabularies, columns in source order. Beside it, in alternating rounds in one process and on the same "
                + "threads, DuckDB's own `CREATE TABLE t AS SELECT * FROM read_csv(...)`, and DuckDB handing the same rows over as text identifiers, in order, to "
                + "code that drops them. The indented rows are parts of the import.",
            Columns = ["read", "time", "rows/s", "MB/s", "to DuckDB's table", "peak memory"],
            Rows =
            [
                Row("DuckDB into its own table", table.Seconds, table.PeakBytes),
                Row("DuckDB, rows streamed in order and dropped", streamed.Seconds, streamed.PeakBytes),
                Row("Tastemaker, file to data set", import.Seconds, import.PeakBytes),
                .. import.Stages.Select(stage => Row($"  {stage.Stage}", stage.Seconds, null)),
            ],
            Findings =
            [
                $"The import takes {Figure.Ratio(import.Seconds / table.Seconds)} the time of DuckDB's own table; {Figure.Percent(streamed.Seconds / import.Seconds)} of it is the time "
                    + "DuckDB needs to parse the text and hand the rows over in order, which bounds it.",
            ],
            Command = ThisCommand.Text(),
            Machine = machine,
        };
    }
}
