namespace Tastemaker.Bench.Commands;

/// <summary>The command that repeats this run, for reports.</summary>
internal static class ThisCommand
{
    /// <summary>The command line without the folders of this machine.</summary>
    public static string Text()
    {
        var arguments = Environment.GetCommandLineArgs()[1..].Select(argument => LeadsElsewhere(argument) ? Path.GetFileName(argument) : argument);
        return "dotnet run -c Release --project bench/Tastemaker.Bench -- "
            + string.Join(' ', arguments.Select(argument => argument.AsSpan().ContainsAny(" ()") ? $"'{argument}'" : argument));
    }

    private static bool LeadsElsewhere(string argument) => Path.IsPathRooted(argument) || argument.StartsWith("..", StringComparison.Ordinal);
}
