using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tastemaker.Artifacts;
using Tastemaker.Data;
using Tastemaker.Data.Splits;

namespace Tastemaker.Cli.Commands;

/// <summary>Writes a split as CSV files with the original identifiers, for use by other programs.</summary>
internal static class SplitFiles
{
    private const string Manifest = "split.json";
    private const string Kind = "tastemaker-split";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a folder of parts says of itself.</summary>
    /// <param name="Format">That it is one.</param>
    /// <param name="Description">The split.</param>
    /// <param name="Fingerprint">Its fingerprint.</param>
    /// <param name="Files">The files by name, each with the hash of its content.</param>
    private sealed record Written(string Format, string Description, string Fingerprint, Dictionary<string, string> Files);

    /// <summary>The names that files may have; which of them are written depends on the split.</summary>
    public static IReadOnlyList<string> Names { get; } = ["train.csv", "validation.csv", "test.csv", "validation-histories.csv", "test-histories.csv", Manifest];

    /// <summary>Whether a file of a folder is one that was written there earlier and is as it was written.</summary>
    public static bool IsEarlier(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var written = Read(folder);
        return written is not null && (Path.GetFileName(path) == Manifest || (written.Files.TryGetValue(Path.GetFileName(path), out var hash) && HashOf(path) == hash));
    }

    /// <summary>
    /// Writes train.csv, test.csv and, where there is one, validation.csv; histories of cold-start users go to fold-in files; split.json says what they are. Of labelled data, all
    /// rows are written with their labels, and features are not. Files of an earlier split that this one has not are removed.
    /// </summary>
    /// <param name="split">The split.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="check">Is asked for each file before any is written.</param>
    public static void Write(Split split, string folder, Action<string> check)
    {
        var tables = Tables(split).ToList();
        tables.ForEach(table => check(Path.Combine(folder, table.Name)));
        check(Path.Combine(folder, Manifest));
        List<string> left = [.. Names.Select(name => Path.Combine(folder, name)).Where(path => File.Exists(path) && IsEarlier(path) && !tables.Exists(table => table.Name == Path.GetFileName(path)))];
        var parts = tables.ConvertAll(table => Path.Combine(folder, $"{table.Name}.part"));
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (table, part) in tables.Zip(parts))
            {
                File.WriteAllLines(part, table.Lines.Prepend(table.Header));
            }

            var hashes = tables.Zip(parts).ToDictionary(pair => pair.First.Name, pair => HashOf(pair.Second));
            AtomicFile.WriteText(Path.Combine(folder, Manifest), JsonSerializer.Serialize(new Written(Kind, split.Description, split.Fingerprint, hashes), Format) + "\n");
            parts.ForEach(part => File.Move(part, part[..^".part".Length], overwrite: true));
            left.Where(path => Path.GetFileName(path) != Manifest).ToList().ForEach(File.Delete);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw WriteFailure.Of(failure, folder);
        }
        finally
        {
            parts.Where(File.Exists).ToList().ForEach(File.Delete);
        }
    }

    private static IEnumerable<(string Name, string Header, IEnumerable<string> Lines)> Tables(Split split)
    {
        var data = split.Train.Data;
        yield return Table("train.csv", data);
        foreach (var (name, part) in new[] { ("validation", split.Validation), ("test", split.Test) })
        {
            if (part is null)
            {
                continue;
            }

            if (part.Impressions is { } labelled)
            {
                yield return Table($"{name}.csv", labelled);
                continue;
            }

            yield return ($"{name}.csv", Header(part.Targets.HasValues ? "value" : null, part.Targets.HasTimes), Lines(part.Targets, part, data));
            if (part.Requests.Users.Contains(-1))
            {
                yield return ($"{name}-histories.csv", Header(part.Requests.HasValues ? "value" : null, part.Requests.HasTimes), Histories(part, data));
            }
        }
    }

    private static (string Name, string Header, IEnumerable<string> Lines) Table(string name, Dataset data)
    {
        var rows = data.Interactions;
        var value = data.IsLabelled ? "label" : rows.HasValues ? "value" : null;
        return (name, Header(value, rows.HasTimes), Enumerable.Range(0, rows.Count).Select(row => Line(
            data.Users[data.Interactions.Users[row]],
            data.Items[data.Interactions.Items[row]],
            data.Interactions.HasValues ? data.Interactions.Values[row] : null,
            data.Interactions.HasTimes ? data.Interactions.Times[row] : null)));
    }

    private static Written? Read(string folder)
    {
        try
        {
            var path = Path.Combine(folder, Manifest);
            return File.Exists(path) && JsonSerializer.Deserialize<Written>(File.ReadAllText(path)) is { Format: Kind, Files: not null } written ? written : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static IEnumerable<string> Lines(SparseRows rows, HoldOut part, Dataset data)
    {
        for (var request = 0; request < part.Count; request++)
        {
            for (var entry = 0; entry < rows.Length(request); entry++)
            {
                yield return Line(
                    Asker(part, request, data),
                    data.Items[rows[request][entry]],
                    rows.HasValues ? rows.RowValues(request)[entry] : null,
                    rows.HasTimes ? rows.RowTimes(request)[entry] : null);
            }
        }
    }

    private static IEnumerable<string> Histories(HoldOut part, Dataset data)
    {
        for (var request = 0; request < part.Count; request++)
        {
            for (var entry = 0; entry < part.Requests.History(request).Length; entry++)
            {
                yield return Line(
                    Asker(part, request, data),
                    data.Items[part.Requests.History(request)[entry]],
                    part.Requests.HasValues ? part.Requests.HistoryValues(request)[entry] : null,
                    part.Requests.HasTimes ? part.Requests.HistoryTimes(request)[entry] : null);
            }
        }
    }

    private static string Asker(HoldOut part, int request, Dataset data) =>
        part.Requests.Users[request] is >= 0 and var user ? data.Users[user] : string.Create(CultureInfo.InvariantCulture, $"request-{request}");

    private static string Header(string? value, bool times) => $"user,item{(value is null ? "" : $",{value}")}{(times ? ",time" : "")}";

    private static string Line(string user, string item, float? value, long? time)
    {
        var line = new StringBuilder().Append(Quote(user)).Append(',').Append(Quote(item));
        if (value is { } number)
        {
            line.Append(',').Append(number.ToString("R", CultureInfo.InvariantCulture));
        }

        return time is { } moment ? line.Append(',').Append(Timestamps.PrintSeconds(moment)).ToString() : line.ToString();
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
