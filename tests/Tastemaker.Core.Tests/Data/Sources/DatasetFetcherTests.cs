using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tastemaker.Core.Tests.Data.Import;
using Tastemaker.Data.Import;
using Tastemaker.Data.Locations;
using Tastemaker.Data.Sources;

namespace Tastemaker.Core.Tests.Data.Sources;

public sealed class DatasetFetcherTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_archive_is_downloaded_checked_unpacked_and_importable()
    {
        var zip = Zip("ml/ratings.csv", "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n");
        var server = new Server { ["set.zip"] = zip };

        var fetched = await Fetch(server, Set("set.zip", "ml", Md5(zip)));

        fetched.Verified.ShouldBeTrue();
        var data = DatasetImport.Import(fetched.Options);
        (data.Name, data.Interactions.Count).ShouldBe(("test-set", 1));
        File.Exists(folder.At("test-set/set.zip")).ShouldBeFalse();
        NoRemains();
    }

    [Fact]
    public async Task What_is_in_the_cache_is_not_downloaded_again()
    {
        folder.Write("test-set/r.csv", "user,item\n1,2\n");

        var fetched = await Fetch(new Server(), Set("r.csv", "r.csv"));

        fetched.Options.Paths.Single().ShouldBe(folder.At("test-set/r.csv"));
    }

    [Fact]
    public async Task An_archive_put_there_by_hand_is_unpacked_without_the_network()
    {
        Directory.CreateDirectory(folder.At("test-set"));
        File.WriteAllBytes(folder.At("test-set/set.zip"), Zip("r.csv", "user,item\n1,2\n"));

        var fetched = await Fetch(new Server(), Set("set.zip", "r.csv"));

        DatasetImport.Import(fetched.Options).Interactions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_tar_archive_is_unpacked()
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        using (var tar = new System.Formats.Tar.TarWriter(gzip))
        {
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "in/r.csv")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes("user,item\n1,2\n")),
            });
        }

        var fetched = await Fetch(new Server { ["set.tar.gz"] = stream.ToArray() }, Set("set.tar.gz", "in/r.csv"));

        DatasetImport.Import(fetched.Options).Interactions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_download_is_removed_and_refused()
    {
        var failure = await Should.ThrowAsync<InputException>(() => Fetch(new Server { ["r.csv"] = [1, 2, 3] }, Set("r.csv", "r.csv", new string('0', 32))));

        failure.Message.ShouldContain("MD5");
        File.Exists(folder.At("test-set/r.csv")).ShouldBeFalse();
        NoRemains();
    }

    [Fact]
    public async Task The_checksum_the_publisher_states_is_used()
    {
        byte[] data = [.. "user,item\n1,2\n"u8];
        var set = Set("r.csv", "r.csv") with { Md5Address = new Uri("https://example.test/r.csv.md5") };

        (await Fetch(new Server { ["r.csv"] = data, ["r.csv.md5"] = Encoding.ASCII.GetBytes($"MD5 (r.csv) = {Md5(data)}\n") }, set)).Verified.ShouldBeTrue();
        File.Delete(folder.At("test-set/r.csv"));
        (await Fetch(new Server { ["r.csv"] = data }, set)).Verified.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_network_the_message_says_what_to_put_where()
    {
        var failure = await Should.ThrowAsync<InputException>(() => Fetch(new Server { Offline = true }, Set("set.zip", "ml")));

        failure.Message.ShouldContain("https://example.test/set.zip");
        failure.Message.ShouldContain(folder.At("test-set/set.zip"));
        NoRemains();
    }

    [Fact]
    public async Task A_connection_that_breaks_leaves_no_file()
    {
        await Should.ThrowAsync<InputException>(() => Fetch(new Server { ["r.csv"] = [1, 2, 3], Break = true }, Set("r.csv", "r.csv")));

        Directory.GetFileSystemEntries(folder.At("test-set")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_set_behind_a_login_says_where_to_get_it()
    {
        var failure = await Should.ThrowAsync<InputException>(() => Fetch(new Server(), Set("set.zip", "a/train.csv") with { Download = null }));

        failure.Message.ShouldContain("https://example.test/page");
        failure.Message.ShouldContain(folder.At("test-set/a/train.csv"));
    }

    [Fact]
    public async Task An_archive_that_writes_outside_its_folder_is_refused()
    {
        await Should.ThrowAsync<InputException>(() => Fetch(new Server { ["set.zip"] = Zip("../../../escaped.txt", "x") }, Set("set.zip", "r.csv")));

        File.Exists(folder.At("escaped.txt")).ShouldBeFalse();
    }

    [Fact]
    public void Every_set_has_a_name_of_its_own_a_licence_and_options_that_make_sense()
    {
        PublicDatasets.All.Select(set => set.Name).ShouldBeUnique();
        foreach (var set in PublicDatasets.All)
        {
            set.Licence.ShouldNotBeNullOrWhiteSpace();
            set.Import.Paths.ShouldHaveSingleItem();
            (set.Md5 is null || set.Md5.Length == 32).ShouldBeTrue(set.Name);
            set.Name.ShouldBe(set.Name.ToLowerInvariant());
        }

        string[] expected =
        [
            "movielens-100k", "movielens-1m", "movielens-10m", "movielens-20m", "movielens-25m", "movielens-latest", "goodbooks-10k", "amazon-2018-all-beauty",
            "amazon-2023-video-games", "yoochoose", "diginetica", "retailrocket", "gowalla", "criteo", "frappe", "netflix", "yelp",
        ];
        expected.ShouldAllBe(name => PublicDatasets.Find(name) != null);
    }

    [Fact]
    public void An_unknown_name_gets_the_nearest() =>
        Should.Throw<InputException>(() => PublicDatasets.Find("movielens-1k")).Message.ShouldContain("Did you mean 'movielens-1");

    [Fact]
    public void The_folder_asked_for_comes_first() => DataRoot.Resolve(folder.Path).ShouldBe(folder.Path);

    private async Task<FetchedDataset> Fetch(Server server, PublicDataset set)
    {
        using var client = new HttpClient(server, disposeHandler: false);
        return await new DatasetFetcher(client, folder.Path).FetchAsync(set, null, TestContext.Current.CancellationToken);
    }

    private static PublicDataset Set(string file, string path, string? md5 = null) => new()
    {
        Name = "test-set",
        Description = "for tests",
        Licence = "none",
        Page = new Uri("https://example.test/page"),
        Download = new Uri($"https://example.test/{file}"),
        Md5 = md5,
        Import = DataOptions.From(path),
    };

    private void NoRemains() => Directory.GetFileSystemEntries(folder.Path, "*.part", SearchOption.AllDirectories).ShouldBeEmpty();

#pragma warning disable CA5351 // publishers state MD5
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    private static byte[] Zip(string name, string text)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry(name).Open())
        {
            entry.Write(Encoding.UTF8.GetBytes(text));
        }

        return stream.ToArray();
    }

    private sealed class Server : HttpMessageHandler
    {
        private readonly Dictionary<string, byte[]> files = [];

        public bool Offline { get; init; }

        public bool Break { get; init; }

        public byte[] this[string name]
        {
            set => files[name] = value;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Offline)
            {
                throw new HttpRequestException("No such host is known.");
            }

            if (!files.TryGetValue(request.RequestUri!.AbsolutePath.TrimStart('/'), out var bytes))
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
            }

            var content = new ByteArrayContent(bytes);
            content.Headers.ContentLength = bytes.Length + (Break ? 10 : 0);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
