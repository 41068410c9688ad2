using System.Diagnostics;
using System.Globalization;

namespace Tastemaker.Bench.Measuring;

/// <summary>Load on a running server by wrk, each request for another user.</summary>
/// <param name="Requests">Answers a second.</param>
/// <param name="Median">Half of the answers took less, in seconds.</param>
/// <param name="P99">99 of 100 answers took less, in seconds.</param>
/// <param name="Errors">Answers that were no success, and connections that failed.</param>
internal sealed record ServingLoad(double Requests, double Median, double P99, long Errors)
{
    // wrk reports microseconds.
    private const double Microsecond = 1e-6;

    /// <summary>Runs wrk.</summary>
    /// <param name="address">Of the server.</param>
    /// <param name="users">Users are "1" to this number.</param>
    /// <param name="connections">Requests at a time.</param>
    /// <param name="seconds">How long.</param>
    /// <exception cref="InputException">wrk is not to be had, or failed.</exception>
    public static ServingLoad Measure(string address, int users, int connections, int seconds)
    {
        var script = Path.GetTempFileName();
        File.WriteAllText(script, $$"""
            math.randomseed(1)
            request = function()
              return wrk.format("GET", "/v1/users/" .. math.random(1, {{users}}) .. "/recommendations?count=10")
            end
            done = function(summary, latency, requests)
              local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
              io.write(string.format("figures %f %f %f %d\n", summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99), failed))
            end
            """);
        try
        {
            using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "-s", script, address]) { RedirectStandardOutput = true })!;
            var figures = wrk.StandardOutput.ReadToEnd().Split('\n').FirstOrDefault(line => line.StartsWith("figures ", StringComparison.Ordinal))?.Split(' ')
                ?? throw new InputException("wrk gave no figures.");
            double Number(int place) => double.Parse(figures[place], CultureInfo.InvariantCulture);
            return new ServingLoad(Number(1), Number(2) * Microsecond, Number(3) * Microsecond, (long)Number(4));
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InputException("The load comes from wrk, which is not installed: apt-get install wrk.", missing);
        }
        finally
        {
            File.Delete(script);
        }
    }
}
