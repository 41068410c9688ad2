using Tastemaker.Data;
using Tastemaker.Data.Filters;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;

namespace Tastemaker.Bench.Studies.Defaults;

/// <summary>A data set on which defaults are measured.</summary>
/// <param name="Name">In tables.</param>
/// <param name="Path">Below the folder of data.</param>
/// <param name="Development">Whether the rules behind the defaults were chosen with it in sight; otherwise it only confirms them.</param>
internal sealed record DefaultsData(string Name, string Path, bool Development)
{
    /// <summary>How a set is divided: a random fifth of every user's items is the test, a tenth chooses epochs and settings, where nothing else is given.</summary>
    public string SplitText { get; init; } = "ratio-by-user(test=0.2,validation=0.1)";

    /// <summary>Sets in order of time, of unlike density, of whose users the last item is the test and the one before it chooses.</summary>
    public static IReadOnlyList<DefaultsData> Next { get; } =
    [
        new("ml-100k", "ml-100k/u.data.gz", Development: true) { SplitText = "leave-one-out" },
        new("ml-latest-small", "ml-latest-small/ratings.csv.gz", Development: false) { SplitText = "leave-one-out" },
        new("amazon-musical-instruments", "amazon-musical-instruments/Musical_Instruments_5.json.gz", Development: false) { SplitText = "leave-one-out" },
        new("amazon-beauty", "amazon-seq/s3rec/Beauty.txt.gz", Development: false) { SplitText = "leave-one-out(by=order)" },
        new("amazon-video-games", "amazon-seq/sasrec/Video.txt.gz", Development: false) { SplitText = "leave-one-out(by=order)" },
    ];

    /// <summary>Sets of unlike density.</summary>
    public static IReadOnlyList<DefaultsData> All { get; } =
    [
        new("ml-100k", "ml-100k/u.data.gz", Development: true),
        new("lastfm", "lastfm-kg/user_artists.dat.gz", Development: true),
        new("steam-games", "steam-games/game_purchase.dat.gz", Development: true),
        new("citeulike-a", "citeulike-a/users.dat.gz", Development: true),
        new("amazon-musical-instruments", "amazon-musical-instruments/Musical_Instruments_5.json.gz", Development: false),
        new("retailrocket", "retailrocket/view_ecommerce.dat.gz", Development: false),
        new("msweb", "msweb/anonymous-msweb.data.gz", Development: false),
        new("gowalla", "gowalla/train.txt.gz", Development: false),
    ];

    /// <summary>The options of the data.</summary>
    /// <param name="root">The folder of data.</param>
    /// <param name="interactions">Most interactions: of a larger set, random users.</param>
    public DataOptions Options(string root, int interactions) => new()
    {
        Paths = [System.IO.Path.Combine(root, Path)],
        Name = Name,
        Filters = [new SampleUsers(interactions).ToString()],
        Split = SplitText,
    };

    /// <summary>The set, whole and as it is sampled and split.</summary>
    public (Dataset Whole, Dataset Sample, Split Split) Load(string root, int interactions)
    {
        var options = Options(root, interactions);
        var (whole, _) = DatasetImport.ImportWithReport(options);
        var sample = FilterSyntax.ParseAll(options.Filters).Aggregate(whole, (data, filter) => filter.Apply(data));
        return (whole, sample, SplitterSyntax.Parse(SplitText).Apply(sample, 42));
    }
}
