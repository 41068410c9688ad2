using Tastemaker.Data.Import;

namespace Tastemaker.Data.Sources;

/// <summary>The sets of GroupLens. Checksums are the ones GroupLens states beside its files.</summary>
internal static class MovieLensSets
{
    private const string Terms = "GroupLens: research use, acknowledgement required; redistribution and commercial use need permission (see the README of the set)";
    private const string LatestTerms = "GroupLens: redistribution under the same conditions, no commercial use without permission (see the README of the set)";
    private const string Files = "https://files.grouplens.org/datasets/movielens/";

    public static IEnumerable<PublicDataset> All { get; } =
    [
        Set("100k", "ml-100k", "100,000 ratings of 943 users on 1,682 films, 1998", Terms, "0e33842e24a9c977be4e0107933c0723"),
        Set("1m", "ml-1m", "1,000,209 ratings of 6,040 users on 3,706 films, 2000", Terms, "c4d9eecfca2ab87c1945afe126590906"),
        Set("10m", "ml-10m", "10,000,054 ratings of 69,878 users on 10,677 films, 2009", Terms, "ce571fd55effeba0271552578f2648bd", "ml-10M100K"),
        Set("20m", "ml-20m", "20,000,263 ratings of 138,493 users on 26,744 films, 2015", Terms, "cd245b17a1ae2cc31bb14903e1204af3"),
        Set("25m", "ml-25m", "25,000,095 ratings of 162,541 users on 59,047 films, 2019", Terms, "6b51fb2759a8657d3bfcbfc42b592ada"),
        Set("32m", "ml-32m", "32 million ratings of 200,948 users, 2023", Terms, null),
        Set("latest-small", "ml-latest-small", "about 100,000 ratings; GroupLens replaces it from time to time", LatestTerms, null),
        Set("latest", "ml-latest", "all ratings; GroupLens replaces it from time to time, so results on it cannot be compared", LatestTerms, null),
    ];

    private static PublicDataset Set(string name, string file, string description, string licence, string? md5, string? folder = null) => new()
    {
        Name = $"movielens-{name}",
        Description = description,
        Licence = licence,
        Page = new Uri($"https://grouplens.org/datasets/movielens/"),
        Download = new Uri($"{Files}{file}.zip"),
        Md5 = md5,
        Md5Address = new Uri($"{Files}{file}.zip.md5"),
        Import = new DataOptions { Paths = [folder ?? file], Format = DataFormat.MovieLens },
    };
}
