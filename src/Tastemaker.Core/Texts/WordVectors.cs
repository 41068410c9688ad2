using System.IO.Compression;
using Tastemaker.Data;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Locations;

namespace Tastemaker.Texts;

/// <summary>
/// Pre-trained vectors of the words of a vocabulary, from files of word2vec (text or binary) or GloVe (text without a first line of sizes), gzipped or
/// not. A word that the file has in capitals only gets the first of those vectors.
/// </summary>
internal sealed class WordVectors
{
    private readonly bool[] isExact;

    /// <summary>Vectors of no word yet.</summary>
    /// <param name="wanted">The words.</param>
    /// <param name="dimension">Numbers a vector.</param>
    public WordVectors(Vocabulary wanted, int dimension)
    {
        Words = wanted;
        Dimension = dimension;
        Values = new float[wanted.Count * dimension];
        IsFound = new bool[wanted.Count];
        isExact = new bool[wanted.Count];
    }

    /// <summary>The words.</summary>
    public Vocabulary Words { get; }

    /// <summary>Numbers a vector.</summary>
    public int Dimension { get; }

    /// <summary>Row-major [words, dimension]; zeros where the file lacks a word.</summary>
    public float[] Values { get; }

    /// <summary>Whether the file has each word.</summary>
    public bool[] IsFound { get; }

    /// <summary>The share of the words that the file has.</summary>
    public double Coverage => (double)IsFound.Count(true) / Words.Count;

    /// <summary>The vector of a word; zeros where the file lacks it.</summary>
    public ReadOnlySpan<float> this[int word] => Values.AsSpan(word * Dimension, Dimension);

    /// <summary>Reads the vectors of the wanted words in one pass; what belongs to other words is passed over unread.</summary>
    /// <param name="path">The file, where it is or inside the data folder.</param>
    /// <param name="wanted">The words, as the tokenizer writes them.</param>
    /// <param name="progress">Receives the share of the file that is read.</param>
    /// <param name="cancellation">Stops between words.</param>
    /// <exception cref="InputException">The file is missing, damaged, cut short or of another kind, or has none of the words.</exception>
    public static WordVectors Read(string path, Vocabulary wanted, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        path = SourceFile.Expand([DataPath.Resolve(path)])[0];
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = SourceFile.IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
            var vectors = new VectorFile(path, new VectorStream(stream), () =>
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report((double)file.Position / file.Length);
            }).Read(wanted);
            return vectors.IsFound.Contains(true) ? vectors : throw new InputException(
                $"{path} has none of the {wanted.Count:N0} words{(wanted.Count > 0 ? $", such as '{wanted[0]}'" : "")}. Is it of the language of the texts?");
        }
        catch (InvalidDataException damage)
        {
            throw new InputException($"{path} is damaged gzip: {damage.Message} Fetch it again.", damage);
        }
    }

    /// <summary>The wanted word that a word of the file may give its vector; -1 where none is left.</summary>
    public int Place(ReadOnlySpan<char> word)
    {
        if (Words.IndexOf(word) is >= 0 and var exact)
        {
            return isExact[exact] ? -1 : exact;
        }

        Span<char> lower = word.Length <= 256 ? stackalloc char[word.Length] : new char[word.Length];
        word.ToLowerInvariant(lower);
        var folded = Words.IndexOf(lower);
        return folded < 0 || IsFound[folded] ? -1 : folded;
    }

    /// <summary>Notes that a place has been filled by a word.</summary>
    public void Fill(int place, ReadOnlySpan<char> by)
    {
        IsFound[place] = true;
        isExact[place] = by.SequenceEqual(Words[place]);
    }
}
