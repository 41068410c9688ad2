using System.Globalization;
using Tastemaker.Artifacts;
using Tastemaker.Data;
using Tastemaker.Native;
using static TorchSharp.torch;

namespace Tastemaker.Retrieval;

/// <summary>
/// An <see cref="InvertedIndex"/> on disk: which items each list holds, their means and spreads, in the safetensors format with a checksum of all that.
/// The vectors themselves stay where they are, in the model; their fingerprint says whether the two belong together.
/// </summary>
internal static class IndexFile
{
    /// <summary>The name of an index in the folder of its model.</summary>
    public const string Name = "index.safetensors";

    private const string Format = "tastemaker-index";
    private const string Version = "1";

    /// <summary>Writes an index. Atomic.</summary>
    public static void Write(InvertedIndex index, string path)
    {
        using var scope = NewDisposeScope();
        var (members, ranking) = (index.Items.Members, index.Ranking);
        var numbers = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            ["vectors"] = index.Fingerprint,
            ["reach"] = ranking.Reach.ToString("R", CultureInfo.InvariantCulture),
            ["probes"] = index.Probes.ToString(CultureInfo.InvariantCulture),
            ["recall"] = index.ExpectedRecall.ToString("R", CultureInfo.InvariantCulture),
        };
        numbers["checksum"] = Checksum(numbers, members.Offsets, members.Columns, ranking.Means, ranking.Spreads);
        SafetensorsFile.Write(path, new Dictionary<string, Tensor>
        {
            ["offsets"] = tensor(members.Offsets.ToArray()),
            ["items"] = tensor(members.Columns.ToArray()),
            ["means"] = tensor(ranking.Means, [ranking.Count, index.Dimension]),
            ["spreads"] = tensor(ranking.Spreads),
        }, numbers);
    }

    /// <summary>Reads an index over vectors [items, dimension].</summary>
    /// <exception cref="InputException">There is no index, it is corrupt, or it was built over other vectors.</exception>
    public static InvertedIndex Read(string path, float[] vectors, int dimension)
    {
        SearchArguments.CheckVectors(vectors, dimension);
        using var scope = NewDisposeScope();
        var tensors = SafetensorsFile.Read(path, out var numbers);
        if (numbers.GetValueOrDefault("format") != Format || numbers.GetValueOrDefault("version") != Version)
        {
            throw new InputException($"'{path}' is no index that this library ({LibraryVersion.Text}) reads. Build it again with 'taste index'.");
        }

        var (offsets, items) = (Numbers<int>(tensors, "offsets", path), Numbers<int>(tensors, "items", path));
        var (means, spreads) = (Numbers<float>(tensors, "means", path), Numbers<float>(tensors, "spreads", path));
        if (Checksum(numbers.Where(pair => pair.Key != "checksum"), offsets, items, means, spreads) != numbers.GetValueOrDefault("checksum"))
        {
            throw new InputException($"'{path}' is corrupt: its checksum is not the one it states. Build it again with 'taste index'.");
        }

        var fingerprint = new Fingerprint().Add<float>(vectors).ToString();
        if (fingerprint != numbers["vectors"])
        {
            throw new InputException($"'{path}' was built over other vectors than these: the model has been trained again since. Build it again with 'taste index'.");
        }

        var lists = new ItemLists(vectors, dimension, new SparseRows(offsets, items, vectors.Length / dimension));
        var ranking = new ListRanking(means, spreads, dimension, float.Parse(numbers["reach"], CultureInfo.InvariantCulture));
        return new InvertedIndex(
            lists, ranking, fingerprint, int.Parse(numbers["probes"], CultureInfo.InvariantCulture), double.Parse(numbers["recall"], CultureInfo.InvariantCulture));
    }

    private static T[] Numbers<T>(IReadOnlyDictionary<string, Tensor> tensors, string name, string path)
        where T : unmanaged =>
        tensors.TryGetValue(name, out var numbers)
            ? numbers.ToValues<T>()
            : throw new InputException($"'{path}' is corrupt: it holds no '{name}'. Build it again with 'taste index'.");

    private static string Checksum(
        IEnumerable<KeyValuePair<string, string>> numbers, ReadOnlySpan<int> offsets, ReadOnlySpan<int> items, ReadOnlySpan<float> means, ReadOnlySpan<float> spreads)
    {
        var sum = new Fingerprint();
        foreach (var (name, value) in numbers.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            sum.Add(name).Add(value);
        }

        return sum.Add(offsets).Add(items).Add(means).Add(spreads).ToString();
    }
}
