using Tastemaker.Data.Import;

namespace Tastemaker.Data.Sources;

/// <summary>The review sets of the McAuley Lab, ratings only, one set a category.</summary>
internal static class AmazonSets
{
    private const string Files = "https://mcauleylab.ucsd.edu/public_datasets/data/";
    private const string Terms = "not stated; the McAuley Lab asks for citation";

    private static readonly string[] Categories2018 =
    [
        "AMAZON_FASHION", "All_Beauty", "Appliances", "Arts_Crafts_and_Sewing", "Automotive", "Books", "CDs_and_Vinyl", "Cell_Phones_and_Accessories",
        "Clothing_Shoes_and_Jewelry", "Digital_Music", "Electronics", "Gift_Cards", "Grocery_and_Gourmet_Food", "Home_and_Kitchen",
        "Industrial_and_Scientific", "Kindle_Store", "Luxury_Beauty", "Magazine_Subscriptions", "Movies_and_TV", "Musical_Instruments",
        "Office_Products", "Patio_Lawn_and_Garden", "Pet_Supplies", "Prime_Pantry", "Software", "Sports_and_Outdoors",
        "Tools_and_Home_Improvement", "Toys_and_Games", "Video_Games",
    ];

    private static readonly string[] Categories2023 =
    [
        "All_Beauty", "Amazon_Fashion", "Appliances", "Arts_Crafts_and_Sewing", "Automotive", "Baby_Products", "Beauty_and_Personal_Care", "Books",
        "CDs_and_Vinyl", "Cell_Phones_and_Accessories", "Clothing_Shoes_and_Jewelry", "Digital_Music", "Electronics", "Gift_Cards",
        "Grocery_and_Gourmet_Food", "Handmade_Products", "Health_and_Household", "Health_and_Personal_Care", "Home_and_Kitchen",
        "Industrial_and_Scientific", "Kindle_Store", "Magazine_Subscriptions", "Movies_and_TV", "Musical_Instruments", "Office_Products",
        "Patio_Lawn_and_Garden", "Pet_Supplies", "Software", "Sports_and_Outdoors", "Subscription_Boxes", "Tools_and_Home_Improvement",
        "Toys_and_Games", "Unknown", "Video_Games",
    ];

    public static IEnumerable<PublicDataset> All { get; } = [.. Categories2018.Select(Of2018), .. Categories2023.Select(Of2023)];

    private static PublicDataset Of2018(string category) => new()
    {
        Name = $"amazon-2018-{Plain(category)}",
        Description = $"Amazon reviews up to 2018, {Words(category)}: user, item, rating, time",
        Licence = Terms,
        Page = new Uri("https://nijianmo.github.io/amazon/"),
        Download = new Uri($"{Files}amazon_v2/categoryFilesSmall/{category}.csv"),
        // The columns are item, user, rating, time, without a header line.
        Import = new DataOptions { Paths = [$"{category}.csv"], Header = HeaderLine.Absent, Item = "1", User = "2", Value = "3", Time = "4" },
    };

    private static PublicDataset Of2023(string category) => new()
    {
        Name = $"amazon-2023-{Plain(category)}",
        Description = $"Amazon reviews up to 2023, {Words(category)}: user, item, rating, time; all users and items",
        Licence = Terms,
        Page = new Uri("https://amazon-reviews-2023.github.io/"),
        Download = new Uri($"{Files}amazon_2023/benchmark/0core/rating_only/{category}.csv.gz"),
        Import = new DataOptions { Paths = [$"{category}.csv.gz"], Item = "parent_asin", TimeUnit = TimeUnit.Milliseconds },
    };

    private static string Plain(string category) => category.ToLowerInvariant().Replace('_', '-');

    private static string Words(string category) => category.Replace('_', ' ');
}
