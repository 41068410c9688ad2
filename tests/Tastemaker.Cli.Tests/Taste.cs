using System.Text.Json;

namespace Tastemaker.Cli.Tests;

/// <summary>Runs the real command in this process and keeps what it printed.</summary>
internal sealed record Taste(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<Taste> RunAsync(params string[] arguments)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var capturedOutput = new StringWriter();
        using var capturedError = new StringWriter();
        Console.SetOut(capturedOutput);
        Console.SetError(capturedError);
        try
        {
            var code = await CommandLine.RunAsync(arguments);
            return new Taste(code, capturedOutput.ToString(), capturedError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
