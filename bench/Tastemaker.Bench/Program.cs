using System.CommandLine;
using Tastemaker;
using Tastemaker.Bench.Commands;

var root = new RootCommand("Measures Tastemaker: whole runs on a file or a generated data set, and single parts with BenchmarkDotNet.")
{
    EndToEndCommand.Create(),
    GenerateCommand.Create(),
    ScaleCommand.Create(),
    ImportCommand.Create(),
    GrowthCommand.Create(),
    PageCommand.Create(),
    StepsCommand.Create(),
    OptimizersCommand.Create(),
    SamplersCommand.Create(),
    GuardsCommand.Create(),
    PerformanceCommand.Create(),
    RankingCommand.Create(),
    RetrievalCommand.Create(),
    CandidatesCommand.Create(),
    CrashesCommand.Create(),
    ServingCommand.Create(),
    WatchTimeCommand.Create(),
    MicroCommand.Create(),
    WideAndDeepCommand.Create(),
    StudiesCommand.Create(),
    DefaultsCommand.Create(),
};
foreach (var command in PlantedCommands.Create())
{
    root.Add(command);
}

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InputException problem)
{
    foreach (var line in problem.Problems)
    {
        Console.Error.WriteLine($"error: {line}");
    }

    return 2;
}
