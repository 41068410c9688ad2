using System.Diagnostics;

namespace Tastemaker.Page.Tests;

/// <summary>A browser of the Chromium family on this machine.</summary>
internal static class InstalledBrowser
{
    public const string Variable = "TASTEMAKER_BROWSER";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Its program: the one that <see cref="Variable"/> names, or one in a usual place; in a container, where tests run as root, it is installed. Null for none.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
        : Places().FirstOrDefault(File.Exists) ?? (Install() ? Places().FirstOrDefault(File.Exists) : null);

    private static IEnumerable<string> Places()
    {
        if (OperatingSystem.IsWindows())
        {
            string[] roots = [Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86)];
            return roots.SelectMany(root => new[] { Path.Combine(root, "Google", "Chrome", "Application", "chrome.exe"), Path.Combine(root, "Microsoft", "Edge", "Application", "msedge.exe") });
        }

        return OperatingSystem.IsMacOS()
            ? ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Names.Select(name => Path.Combine(folder, name)));
    }

    private static bool Install()
    {
        const string Installer = "/usr/bin/apt-get";
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !File.Exists(Installer))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(Installer, ["install", "-y", "--no-install-recommends", "chromium"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process.WaitForExit(Patience) && process.ExitCode == 0;
    }
}
