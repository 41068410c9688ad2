using System.Globalization;
using System.Text;
using Tastemaker.Data;
using Tastemaker.Data.Splits;

namespace Tastemaker.Cli.Commands;

/// <summary>Writes a split as CSV files with the original identifiers, for use by other programs.</summary>
internal static class SplitFiles
{
    /// <summary>
    /// Writes train.csv, test.csv and, where there is one, validation.csv; strangers' histories go to fold-in files. Of labelled data, all rows are
    /// written with their labels, and features are not.
    /// </summary>
    public static void Write(Split split, string folder)
    {
        Directory.CreateDirectory(folder);
        var data = split.Train.Data;
        Save(folder, "train.csv", data);
        foreach (var (name, part) in new[] { ("validation", split.Validation), ("test", split.Test) })
        {
            if (part is null)
            {
                continue;
            }

            if (part.Impressions is { } labelled)
            {
                Save(folder, $"{name}.csv", labelled);
                continue;
            }

            Save(folder, $"{name}.csv", Header(part.Targets.HasValues ? "value" : null, part.Targets.HasTimes), Lines(part.Targets, part, data));
            if (part.Requests.Users.Contains(-1))
            {
                Save(folder, $"{name}-histories.csv", Header(value: null, times: false), Histories(part, data));
            }
        }
    }

    private static void Save(string folder, string name, Dataset data)
    {
        var rows = data.Interactions;
        var value = data.IsLabelled ? "label" : rows.HasValues ? "value" : null;
        Save(folder, name, Header(value, rows.HasTimes), Enumerable.Range(0, rows.Count).Select(row => Line(
            data.Users[rows.Users[row]], data.Items[rows.Items[row]], rows.HasValues ? rows.Values[row] : null, rows.HasTimes ? rows.Times[row] : null)));
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
            foreach (var item in part.Requests.History(request).ToArray())
            {
                yield return Line(Asker(part, request, data), data.Items[item], null, null);
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

    private static void Save(string folder, string name, string header, IEnumerable<string> lines)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllLines(path + ".part", lines.Prepend(header));
        File.Move(path + ".part", path, overwrite: true);
    }
}
