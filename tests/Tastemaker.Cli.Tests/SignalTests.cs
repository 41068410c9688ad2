using System.Diagnostics;

namespace Tastemaker.Cli.Tests;

/// <summary>What a user who ends a training gets: the real command in a process of its own.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_training_that_is_ended_saves_its_finished_epochs_and_a_second_signal_is_no_error(int signals)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "taste.dll"), "train", place.Ratings, "--system", "gmf", "--set", "epochs=100000", "--patience", "0", "--split", "ratio-by-user", "--out", place.At("run")])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            var said = await EndAsync(process, signals);
            said.ShouldNotContain("Unhandled exception");
            process.ExitCode.ShouldBeOneOf(130, 143);
            Directory.EnumerateFiles(place.At("run"), "*", SearchOption.AllDirectories).ShouldNotBeEmpty(said);
        }
        finally
        {
            process.Kill(); // it would train for hours where it was not ended
        }
    }

    // Lines of epochs come every few seconds; at the first one the process is told to end, so many times.
    private static async Task<string> EndAsync(Process process, int signals)
    {
        var (output, said) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), "");
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said += line + "\n";
            for (; line.Contains("epoch ", StringComparison.Ordinal) && signals > 0; signals--)
            {
                using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said + await output;
    }
}
