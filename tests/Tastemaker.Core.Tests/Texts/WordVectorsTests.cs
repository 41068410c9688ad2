using System.IO.Compression;
using System.Text;
using Tastemaker.Core.Tests.Data.Import;
using Tastemaker.Data;
using Tastemaker.Texts;

namespace Tastemaker.Core.Tests.Texts;

public sealed class WordVectorsTests : IDisposable
{
    private static readonly Vocabulary Wanted = new(["graph", "été", "missing", "paris", "of"]);

    private static readonly (string Word, float[] Vector)[] Vectors =
        [("the", [1, 2, 3]), ("graph", [0.5f, -1.25f, 1e-3f]), ("Paris", [7, 8, 9]), ("PARIS", [1, 1, 1]), ("Of", [4, 4, 4]), ("été", [-1, 0, 1]), ("of", [5, 6, 7]), ("of", [0, 0, 0])];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static string Line((string Word, float[] Vector) entry, string end = "\n") => FormattableString.Invariant($"{entry.Word} {entry.Vector[0]:R} {entry.Vector[1]:R} {entry.Vector[2]:R}{end}");

    private string Write(string layout, bool gzip)
    {
        using var bytes = new MemoryStream();
        void Text(string text) => bytes.Write(Encoding.UTF8.GetBytes(text));
        if (layout != "glove")
        {
            Text($"{Vectors.Length} 3\n");
        }

        foreach (var entry in Vectors)
        {
            if (layout.StartsWith("binary", StringComparison.Ordinal))
            {
                Text(entry.Word + " ");
                foreach (var value in entry.Vector)
                {
                    bytes.Write(BitConverter.GetBytes(value));
                }

                Text(layout == "binary" ? "\n" : "");
            }
            else
            {
                Text(Line(entry, layout == "text" ? " \n" : "\r\n"));
            }
        }

        var path = folder.At(layout + (gzip ? ".gz" : ""));
        using Stream file = gzip ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
        bytes.WriteTo(file);
        return path;
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("text", true)]
    [InlineData("glove", false)]
    [InlineData("glove", true)]
    [InlineData("binary", false)]
    [InlineData("binary", true)]
    [InlineData("binary without line ends", false)]
    public void Wanted_words_get_their_vectors_from_every_layout(string layout, bool gzip)
    {
        var read = WordVectors.Read(Write(layout, gzip), Wanted);

        read.Dimension.ShouldBe(3);
        read[0].ToArray().ShouldBe([0.5f, -1.25f, 1e-3f]);
        read[1].ToArray().ShouldBe([-1, 0, 1]);
        read[2].ToArray().ShouldBe([0, 0, 0]);
        read[3].ToArray().ShouldBe([7, 8, 9]); // only in capitals: the first of them
        read[4].ToArray().ShouldBe([5, 6, 7]); // as it is written goes before capitals, and the first of two
        read.IsFound.ShouldBe([true, true, false, true, true]);
        read.Coverage.ShouldBe(0.8);
    }

    [Fact]
    public void Long_vectors_and_many_words_are_read_across_buffers()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 3000).Select(word => (Word: $"w{word}", Vector: Enumerable.Range(0, 50).Select(_ => (float)random.NextDouble()).ToArray())).ToList();
        var text = folder.Write("v.txt", string.Concat(rows.Select(row => $"{row.Word} {string.Join(' ', row.Vector.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}\n")));
        using (var binary = File.Create(folder.At("v.bin")))
        {
            binary.Write("3000 50\n"u8);
            foreach (var (word, vector) in rows)
            {
                binary.Write(Encoding.UTF8.GetBytes(word + " "));
                vector.ToList().ForEach(value => binary.Write(BitConverter.GetBytes(value)));
            }
        }

        var wanted = new Vocabulary(["w0", "w1234", "w2999"]);
        foreach (var path in new[] { text, folder.At("v.bin") })
        {
            var read = WordVectors.Read(path, wanted);
            read.Coverage.ShouldBe(1);
            read.Values.ShouldBe([.. rows[0].Vector, .. rows[1234].Vector, .. rows[2999].Vector]);
        }
    }

    [Fact]
    public void A_word_with_blanks_in_it_is_not_the_word_it_begins_with()
    {
        var read = WordVectors.Read(folder.Write("g.txt", "the 1 2 3\nof name@example.com 4 5 6\ngraph 7 8 9\nof 1 1 2\n"), Wanted);
        read[4].ToArray().ShouldBe([1, 1, 2]);
    }

    [Theory]
    [InlineData("the 1 2 3\ngraph 1 2\n", "line 2: has 2 numbers where 3 are due")]
    [InlineData("the 1 2 3\n\ngraph 1 x 3\n", "line 3: 'x' is no number")]
    [InlineData("the 1 2 3\ngraph 1 1e999 3\n", "line 2: '1e999' is no number")]
    [InlineData("3 2\nthe 1 2\ngraph 3 4\n", "promises 3 words, but 2 follow")]
    [InlineData("5 0\nthe\n", "line 1: says that vectors have 0 dimensions")]
    [InlineData("title,description\nx,y\n", "line 1, is neither")]
    [InlineData("the 1 2\nand 3 4\n", "has none of the 5 words, such as 'graph'")]
    [InlineData("2 2\nthe \u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\nor \u0001\u0002", "ends within the word 2")]
    [InlineData("1 1\nthe \u0001\u0002\u0003\u0004\nand", "more follows after the 1 words")]
    public void What_is_wrong_with_a_file_is_said_with_its_place(string text, string said)
    {
        var path = folder.Write("vectors.txt", text);
        var message = Should.Throw<InputException>(() => WordVectors.Read(path, Wanted)).Message;
        message.ShouldContain(said);
        message.ShouldContain(path);
    }

    [Fact]
    public void Missing_and_damaged_files_and_numbers_that_are_none_are_refused()
    {
        folder.Write("vectors.txt", "graph 1");
        Should.Throw<InputException>(() => WordVectors.Read(folder.At("vector.txt"), Wanted)).Message.ShouldContain("vectors.txt");
        var whole = File.ReadAllBytes(Write("text", gzip: true));
        whole[20] ^= 0xff;
        File.WriteAllBytes(folder.At("damaged.gz"), whole);
        Should.Throw<InputException>(() => WordVectors.Read(folder.At("damaged.gz"), Wanted)).Message.ShouldContain("damaged.gz");
        File.WriteAllBytes(folder.At("nan.bin"), [.. "1 1\ngraph "u8, .. BitConverter.GetBytes(float.NaN)]);
        Should.Throw<InputException>(() => WordVectors.Read(folder.At("nan.bin"), Wanted)).Message.ShouldContain("word 1, 'graph'");
        Should.Throw<OperationCanceledException>(() => WordVectors.Read(Write("text", false), Wanted, null, new CancellationToken(canceled: true)));
    }
}
