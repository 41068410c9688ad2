using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tastemaker.Server.Tests;

/// <summary>The page on serving does what it says.</summary>
public sealed class PageTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public async Task The_commands_of_the_page_work_as_they_stand()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands are for bash.");
        var folder = Directory.CreateTempSubdirectory("serving-").FullName;
        var build = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        var program = Path.Combine(Root, "src", "Tastemaker.Cli", "bin", build, "net10.0", "taste.dll");
        var script = string.Concat(Blocks("bash")).Replace("8080", FreePort(), StringComparison.Ordinal);
        var taste = Path.Combine(folder, "taste");
        await File.WriteAllTextAsync(taste, $"#!/usr/bin/env bash\nexec dotnet '{program}' \"$@\"\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "page.sh"), $"set -euo pipefail\nchmod +x taste\nPATH='{folder}':$PATH\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}");

        using var bash = Process.Start(new ProcessStartInfo("bash", "page.sh") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        bash.ExitCode.ShouldBe(0, output + await error);
        output.ShouldContain("\"strategy\":\"model\"");
        output.IndexOf("\"strategy\":\"popularity\"", StringComparison.Ordinal).ShouldBeLessThan(output.LastIndexOf("\"strategy\":\"fold-in\"", StringComparison.Ordinal));
        output.ShouldContain("\"because\":[{");
        output.ShouldContain("\"system\":\"ease\"");
        (await error).ShouldContain("Stopped");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_page_shows_the_sample_that_is_built() =>
        Blocks("csharp")[0].ShouldBe(File.ReadAllText(Path.Combine(Root, "samples", "WebShop", "Program.cs")).ReplaceLineEndings("\n"));

    private static List<string> Blocks(string language)
    {
        var blocks = new List<string>();
        var open = false;
        foreach (var line in File.ReadLines(Path.Combine(Root, "docs", "serving.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                open = line == "```" + language;
                blocks.AddRange(open ? [""] : []);
            }
            else if (open)
            {
                blocks[^1] += line + "\n";
            }
        }

        return blocks;
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tastemaker.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository; its documents cannot be read.");
    }
}
