using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Tastemaker.Data.Splits;
using Tastemaker.Runs;

namespace Tastemaker.Tuning.Trials;

/// <summary>
/// Trains several trials at a time, each in a process of its own, because libtorch's random generator and number of threads belong to the process:
/// a trial gives the same figure here as in a sequential search. A worker imports the data once and serves trial after trial; it ends, with its
/// finished epochs saved, when its standard input does, so also when the search dies.
/// </summary>
/// <param name="plan">The search.</param>
/// <param name="split">Fingerprints of data and split, for the run folders.</param>
/// <param name="folder">The study's folder.</param>
/// <param name="start">How a worker process is started: it must run <see cref="TrialWorker"/> on its standard input and output.</param>
internal sealed class WorkerTrials(TuningPlan plan, Split split, TuningFolder folder, Func<ProcessStartInfo> start) : ITrialRunner
{
    private readonly ConcurrentBag<Process> idle = [];
    private readonly ConcurrentBag<Process> all = [];
    private volatile string lastWords = "it gave no answer";

    /// <inheritdoc/>
    public int Slots => plan.Tuning.Parallel;

    /// <inheritdoc/>
    public Task<TrialResult> Run(TrialJob job, CancellationToken cancellation)
    {
        // Threads are what each worker was given, not what the configuration asks of a lone run.
        var configuration = plan.Configuration(job.Trial.Point);
        configuration = configuration with { Training = configuration.Training with { Threads = 0 } };
        var run = RunFolder.Begin(folder.Trial(job.Trial.Number), configuration, split);
        return Task.Run(() => Ask(new WorkerTask(run.FullPath, job.Until), cancellation), CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var worker in all)
        {
            worker.StandardInput.Close();
        }

        foreach (var worker in all)
        {
            worker.WaitForExit();
            worker.Dispose();
        }
    }

    private TrialResult Ask(WorkerTask task, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!idle.TryTake(out var worker))
        {
            worker = Begin();
        }

        worker.StandardInput.WriteLine(JsonSerializer.Serialize(task, RunJson.Line));
        worker.StandardInput.Flush();
        using var stop = cancellation.Register(worker.StandardInput.Close);
        var line = worker.StandardOutput.ReadLine();
        if (line is null)
        {
            // Ctrl-C reaches the workers as well, and one may have ended before this process heard of it.
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(2));
        }

        cancellation.ThrowIfCancellationRequested();
        var answer = line is null ? null : JsonSerializer.Deserialize<WorkerAnswer>(line, RunJson.Line);
        if (answer?.Result is not { } result)
        {
            throw new InvalidOperationException($"The process of a trial ended: {answer?.Error ?? lastWords}. The same command goes on after the finished epochs.");
        }

        idle.Add(worker);
        return result;
    }

    private Process Begin()
    {
        var worker = Process.Start(start()) ?? throw new InvalidOperationException("A worker process could not be started.");
        worker.ErrorDataReceived += (_, said) => lastWords = said.Data ?? lastWords;
        worker.BeginErrorReadLine();
        all.Add(worker);
        return worker;
    }
}

/// <summary>What a search asks of a worker process: a line of JSON on its standard input.</summary>
/// <param name="Folder">The run folder of the trial; its run.yaml says what to train.</param>
/// <param name="Until">Epochs to rest at; null to train to the end.</param>
internal sealed record WorkerTask(string Folder, int? Until);

/// <summary>What the worker answers: a line of JSON on its standard output.</summary>
/// <param name="Result">The result; null where the worker could not work.</param>
/// <param name="Error">Why not, for people; null where it was stopped.</param>
internal sealed record WorkerAnswer(TrialResult? Result, string? Error);
