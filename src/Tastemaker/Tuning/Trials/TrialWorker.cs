using System.Collections.Concurrent;
using System.Text.Json;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Runs;

namespace Tastemaker.Tuning.Trials;

/// <summary>The other end of <see cref="WorkerTrials"/>: reads tasks, trains, answers, until its input ends.</summary>
/// <param name="input">Tasks, a line each.</param>
/// <param name="output">Receives answers, a line each.</param>
/// <param name="load">Imports, filters and splits the data of a configuration.</param>
internal sealed class TrialWorker(TextReader input, TextWriter output, Func<RunConfiguration, CancellationToken, Split> load)
{
    private Split? split;

    /// <summary>Serves until the input ends, which also stops the trial at work.</summary>
    public void Serve(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var tasks = new BlockingCollection<string>();
        // Not waited for: a read of standard input cannot be given up, and the process ends with its work.
        new Thread(() => Read(tasks, stop)) { IsBackground = true }.Start();
        try
        {
            foreach (var line in tasks.GetConsumingEnumerable(stop.Token))
            {
                output.WriteLine(JsonSerializer.Serialize(Answer(JsonSerializer.Deserialize<WorkerTask>(line, RunJson.Line)!, stop.Token), RunJson.Line));
                output.Flush();
            }
        }
        catch (OperationCanceledException)
        {
            // The search was stopped or is done: there is nobody to answer.
        }
    }

    private WorkerAnswer Answer(WorkerTask task, CancellationToken cancellation)
    {
        try
        {
            var file = Path.Combine(task.Folder, "run.yaml");
            var configuration = RunConfigurationReader.Read(SystemCatalog.Find, ConfigurationSource.FromFile(file), []);
            split ??= load(configuration, cancellation); // one search, one split
            return new WorkerAnswer(TrialTraining.Run(configuration, split, task.Folder, task.Until, [], cancellation), null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new WorkerAnswer(null, error.Message);
        }
    }

    private void Read(BlockingCollection<string> tasks, CancellationTokenSource stop)
    {
        try
        {
            while (input.ReadLine() is { } line)
            {
                tasks.Add(line);
            }

            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Serving ended first.
        }
    }
}
