using System.Diagnostics;
using Tastemaker.Data.Sources;

namespace Tastemaker.Cli.Output;

/// <summary>Tells how far a download is, every few seconds.</summary>
internal sealed class FetchDisplay(Terminal terminal) : IProgress<FetchProgress>
{
    private readonly Stopwatch since = Stopwatch.StartNew();

    /// <inheritdoc/>
    public void Report(FetchProgress value)
    {
        if (since.Elapsed > TimeSpan.FromSeconds(2))
        {
            since.Restart();
            terminal.Note(value.TotalBytes is { } total
                ? $"{value.Stage}: {value.Bytes >> 20} of {total >> 20} MiB"
                : $"{value.Stage}: {value.Bytes >> 20} MiB");
        }
    }
}
