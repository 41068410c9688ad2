using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data;

/// <summary>Why something could not be written, in one sentence with the path and the remedy: disks that are full or read-only, rights that are missing.</summary>
internal static partial class WriteFailure
{
    private static readonly (string Sign, string Sentence)[] Known =
    [
        ("No space left on device", "the disk is full. Make room, or name a place on another disk"),
        ("not enough space on the disk", "the disk is full. Make room, or name a place on another disk"),
        ("Disk quota exceeded", "the quota of the disk is used up. Make room, or name a place on another disk"),
        ("File too large", "it would be larger than files may be here (see 'ulimit -f'). Allow larger files, or name another place"),
        ("Read-only file system", "the disk is read-only. Name another place"),
        ("Permission denied", "access is denied. See to the rights of the file and of its folder, or name another place"),
        ("Operation not permitted", "access is denied. See to the rights of the file and of its folder, or name another place"),
        ("is denied", "access is denied. See to the rights of the file and of its folder, or name another place"),
        ("Could not find a part of the path", "its folder does not exist. Make it, or name another place"),
        ("File name too long", "its name is too long. Name another"),
        ("Input/output error", "the disk fails. See to the disk, or name another place"),
    ];

    /// <summary>The failure in words; null where it is none of writing.</summary>
    /// <param name="failure">Anything that was thrown.</param>
    /// <param name="path">What was to be written, where the caller knows; else the path that the failure names.</param>
    public static InputException? Explain(Exception failure, string? path = null)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is InputException)
            {
                return null; // in words already
            }

            var isOne = cause is IOException or UnauthorizedAccessException or DuckDBException or QueryFailedException;
            var sentence = !isOne ? null : Known.FirstOrDefault(known => cause.Message.Contains(known.Sign, StringComparison.OrdinalIgnoreCase)).Sentence;
            if (sentence is not null)
            {
                return new InputException($"{path ?? PathIn(cause.Message) ?? "A file"} cannot be written: {sentence}.", failure);
            }
        }

        return null;
    }

    /// <summary>The failure in words, whatever it is.</summary>
    /// <param name="failure">What was thrown while writing.</param>
    /// <param name="path">What was to be written.</param>
    public static InputException Of(Exception failure, string path) =>
        Explain(failure, path)
        ?? (failure is FileNotFoundException || failure.Message.Contains("No such file or directory", StringComparison.Ordinal)
            ? new InputException($"{path} cannot be written: its folder does not exist, or takes no files. Make it, or name another place.", failure)
            : null)
        ?? new InputException($"{path} cannot be written: {failure.Message.Split('\n')[0].TrimEnd('.')}. See to the disk and to its rights, or name another place.", failure);

    // What is written beside its place has a name that nobody knows.
    private static string? PathIn(string message) => Quoted().Match(message) is { Success: true } found ? Temporary().Replace(found.Groups[1].Value, "") : null;

    [GeneratedRegex("['\"]([^'\"]+)['\"]")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(\.[0-9a-f]{32}(\.(tmp|part|old|onnx))?)+|\.part$|\.tmp$", RegexOptions.IgnoreCase)]
    private static partial Regex Temporary();
}
