using System.Diagnostics;
using System.Globalization;
using Tastemaker.Serving.Events;

namespace Tastemaker.StoreWriter;

/// <summary>
/// A client that keeps many calls on their way to a writer in another process, kills the process with SIGKILL at a random moment, looks into the file, sends to the
/// next writer again what was not acknowledged, and goes on so.
/// </summary>
/// <param name="file">The store's file.</param>
/// <param name="seed">Decides the moments.</param>
public sealed class CrashRun(string file, int seed)
{
    /// <summary>Most calls that wait for their acknowledgement.</summary>
    public const int OnTheWay = 64;

    private const int MostCallsBetweenKills = 300;

    private readonly Random random = new(seed);
    private readonly Dictionary<int, long> acknowledged = [];
    private readonly Dictionary<string, List<StoredInteraction>> stored = [];
    private readonly HashSet<int> sent = [];
    private long seen;
    private int retried;
    private int storedUnacknowledged;
    private int lost;

    /// <summary>Kills so many writers, lets a last one finish, and counts.</summary>
    /// <param name="kills">How many.</param>
    /// <param name="progress">Receives the number of kills so far.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<CrashResult> RunAsync(int kills, IProgress<int>? progress, CancellationToken cancellation)
    {
        for (var kill = 1; kill <= kills; kill++)
        {
            await WriteAsync(mayFinish: false, cancellation).ConfigureAwait(false);
            await LookAsync(cancellation).ConfigureAwait(false);
            progress?.Report(kill);
        }

        await WriteAsync(mayFinish: true, cancellation).ConfigureAwait(false);
        seen = 0;
        stored.Clear();
        await LookAsync(cancellation).ConfigureAwait(false);
        return new CrashResult(
            kills, acknowledged.Count, stored.Values.Sum(list => (long)list.Count), retried, storedUnacknowledged, lost, sent.Count(call => !IsWhole(call)) + stored.Count - sent.Count);
    }

    private async Task WriteAsync(bool mayFinish, CancellationToken cancellation)
    {
        using var writer = Process.Start(Start())!;
        var waiting = new Queue<int>(sent.Where(call => !acknowledged.ContainsKey(call)).Order());
        retried += waiting.Count;
        var (until, moment) = (acknowledged.Count + random.Next(MostCallsBetweenKills), random.Next(20));
        var onTheWay = 0;
        try
        {
            while (true)
            {
                while (onTheWay < OnTheWay && (!mayFinish || waiting.Count > 0))
                {
                    await writer.StandardInput.WriteLineAsync(Next(waiting).ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
                    onTheWay++;
                }

                await writer.StandardInput.FlushAsync(cancellation).ConfigureAwait(false);
                if (!mayFinish && acknowledged.Count >= until)
                {
                    // In units far below a commit.
                    Thread.SpinWait(moment * 2_000);
                    break;
                }

                if (onTheWay == 0 || await writer.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is not { } line)
                {
                    break;
                }

                Take(line);
                onTheWay--;
            }
        }
        finally
        {
            if (mayFinish)
            {
                writer.StandardInput.Close();
            }
            else
            {
                writer.Kill();
            }
        }

        // What it could still say counts.
        while (await writer.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            Take(line);
        }

        await writer.WaitForExitAsync(cancellation).ConfigureAwait(false);
        var expected = mayFinish ? 0 : 128 + 9;
        if (writer.ExitCode != expected)
        {
            throw new InvalidOperationException($"The writer ended with {writer.ExitCode} instead of {expected}: {await writer.StandardError.ReadToEndAsync(cancellation).ConfigureAwait(false)}");
        }
    }

    private int Next(Queue<int> waiting)
    {
        if (waiting.TryDequeue(out var again))
        {
            return again;
        }

        sent.Add(sent.Count);
        return sent.Count - 1;
    }

    private void Take(string line)
    {
        if (Acknowledgement.Parse(line) is { } one)
        {
            acknowledged[one.Call] = one.Last;
        }
    }

    // Reads on from where it stood: what is in the file does not change.
    private async Task LookAsync(CancellationToken cancellation)
    {
        var store = EventStores.Open(file);
        await using var closing = store.ConfigureAwait(false);
        await foreach (var one in store.ReadAsync(seen, cancellation).ConfigureAwait(false))
        {
            seen = one.Number;
            if (!stored.TryGetValue(one.User, out var list))
            {
                stored[one.User] = list = [];
            }

            list.Add(one);
        }

        lost += acknowledged.Keys.Count(call => !IsWhole(call));
        storedUnacknowledged += sent.Count(call => !acknowledged.ContainsKey(call) && stored.ContainsKey(new Call(call).Key));
    }

    private bool IsWhole(int number)
    {
        var call = new Call(number);
        return stored.TryGetValue(call.Key, out var list)
            && list.Select(one => (one.Item, one.Value)).SequenceEqual(call.Interactions.Select(one => (one.Item, one.Value)))
            && (!acknowledged.TryGetValue(number, out var last) || list[^1].Number == last);
    }

    private ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(CrashRun).Assembly.Location);
        start.ArgumentList.Add(file);
        return start;
    }
}
