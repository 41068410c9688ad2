using Tastemaker.Data.Import;

namespace Tastemaker.Data.Sources;

/// <summary>Books, music, places, articles and advertisements.</summary>
internal static class MiscellaneousDatasets
{
    private const string RowsOfItems = "A line of its users.dat is the number of a user's items and then the items; users are numbered by line, from 0.";

    public static IEnumerable<PublicDataset> All { get; } =
    [
        new()
        {
            Name = "goodbooks-10k",
            Description = "5,976,479 ratings of 53,424 users on 10,000 books",
            Licence = "CC BY-SA 4.0",
            Page = new Uri("https://github.com/zygmuntz/goodbooks-10k"),
            Download = new Uri("https://github.com/zygmuntz/goodbooks-10k/releases/download/v1.0/goodbooks-10k.zip"),
            Import = new DataOptions { Paths = ["ratings.csv"], ItemFile = "books.csv", Item = "book_id" },
        },
        ByHand("book-crossing", "1.1 million ratings (0 is implicit) of 278,858 readers, with ages and places", "not stated where it can still be read; cite Ziegler et al. 2005",
            "http://www2.informatik.uni-freiburg.de/~cziegler/BX/",
            new DataOptions { Paths = ["BX-Book-Ratings.csv"], Delimiter = ";", Encoding = TextEncoding.Latin1, User = "User-ID", Item = "ISBN", Value = "Book-Rating" },
            "Its own site is no longer online; copies of BX-CSV-Dump.zip go from hand to hand."),
        new()
        {
            Name = "lastfm-360k",
            Description = "17.5 million user-artist play counts of 359,347 listeners",
            Licence = "non-commercial use, by permission of Last.fm",
            Page = new Uri("https://www.upf.edu/web/mtg/lastfm360k"),
            Download = new Uri("https://zenodo.org/records/6090214/files/lastfm-dataset-360K.tar.gz"),
            Import = new DataOptions
            {
                Paths = ["lastfm-dataset-360K/usersha1-artmbid-artname-plays.tsv"], Header = HeaderLine.Absent, Delimiter = "tab", Quote = "none",
                User = "1", Item = "3", Value = "4", Features = new Dictionary<string, string> { ["column2"] = "ignore" },
            },
            Note = "Artists are told apart by name, because many rows lack an identifier.",
        },
        new()
        {
            Name = "lastfm-2k",
            Description = "92,834 listening counts of 1,892 listeners, with tags and friends (HetRec 2011)",
            Licence = "non-commercial use",
            Page = new Uri("https://grouplens.org/datasets/hetrec-2011/"),
            Download = new Uri("https://files.grouplens.org/datasets/hetrec2011/hetrec2011-lastfm-2k.zip"),
            Import = new DataOptions { Paths = ["user_artists.dat"], Delimiter = "tab", User = "userID", Item = "artistID", Value = "weight" },
        },
        new()
        {
            Name = "gowalla",
            Description = "6,442,890 check-ins of 196,591 users (107,092 with check-ins), SNAP",
            Licence = "not stated; SNAP asks for citation",
            Page = new Uri("https://snap.stanford.edu/data/loc-Gowalla.html"),
            Download = new Uri("https://snap.stanford.edu/data/loc-gowalla_totalCheckins.txt.gz"),
            Import = new DataOptions { Paths = ["loc-gowalla_totalCheckins.txt.gz"], Header = HeaderLine.Absent, Delimiter = "tab", User = "1", Time = "2", Item = "5" },
        },
        new()
        {
            Name = "msweb",
            Description = "98,654 visits of 32,711 users to 294 areas of a web site, 1998 (UCI)",
            Licence = "CC BY 4.0 (UCI Machine Learning Repository)",
            Page = new Uri("https://archive.ics.uci.edu/dataset/4/anonymous+microsoft+web+data"),
            Download = new Uri("https://archive.ics.uci.edu/ml/machine-learning-databases/anonymous/anonymous-msweb.data"),
            Import = new DataOptions { Paths = ["anonymous-msweb.data"], Format = DataFormat.MsWeb },
        },
        new()
        {
            Name = "pinterest",
            Description = "1,445,622 pins of 55,187 users on 9,916 boards, the training part of the leave-one-out split of NCF",
            Licence = "not stated",
            Page = new Uri("https://github.com/hexiangnan/neural_collaborative_filtering"),
            Download = new Uri("https://raw.githubusercontent.com/hexiangnan/neural_collaborative_filtering/master/Data/pinterest-20.train.rating"),
            Import = new DataOptions { Paths = ["pinterest-20.train.rating"], Header = HeaderLine.Absent, Delimiter = "tab", User = "1", Item = "2", Value = "none", Time = "none", Features = IgnoreRest },
        },
        ByHand("yelp", "reviews of local businesses", "Yelp Dataset License (academic use)", "https://www.yelp.com/dataset",
            new DataOptions { Paths = ["yelp_academic_dataset_review.json"], User = "user_id", Item = "business_id", Value = "stars", Time = "date", Features = IgnoreRest }),
        ByHand("netflix", "100 million ratings of 480,189 users, the Netflix Prize", "terms of the Netflix Prize; no longer distributed by Netflix",
            "https://www.kaggle.com/datasets/netflix-inc/netflix-prize-data", DataOptions.From("ratings.csv"),
            "Its combined_data files name the film on a line of its own, which the import does not read; turn them into user,item,rating,date lines in ratings.csv first."),
        ByHand("criteo", "45 million display advertisements with clicks", "terms of the Kaggle competition; Criteo's later click logs are CC BY-NC-SA 4.0", "https://ailab.criteo.com/ressources/", DataOptions.From("train.csv"),
            "Its rows are examples without users or items; give them an identifier of each first."),
        ByHand("avazu", "40 million mobile advertisements with clicks", "terms of the Kaggle competition", "https://www.kaggle.com/c/avazu-ctr-prediction",
            new DataOptions { Paths = ["train.csv"], User = "device_ip", Item = "site_id", Value = "click", Time = "none" },
            "Users are stood in for by device_ip, and items by site_id."),
        ByHand("frappe", "96,203 uses of 4,082 apps by 957 users, with context", "research use", "https://www.baltrunas.info/context-aware/frappe",
            new DataOptions { Paths = ["frappe.csv"], Delimiter = "tab", User = "user", Item = "item", Value = "cnt" },
            "The import reads the original table frappe.csv, not the libfm form that papers on factorization machines use."),
        ByHand("jester", "4.1 million ratings of 100 jokes", "research use, acknowledgement required", "https://eigentaste.berkeley.edu/dataset/", DataOptions.From("jester.csv"),
            "It is published as a spreadsheet of users by jokes; turn it into user,item,rating lines in jester.csv first (99 stands for no rating)."),
        ByHand("citeulike-a", "204,986 user-article pairs with titles and abstracts", "not stated", "https://github.com/js05212/citeulike-a", CountedLines, RowsOfItems),
        ByHand("citeulike-t", "134,860 user-article pairs with titles and abstracts", "not stated", "https://github.com/js05212/citeulike-t", CountedLines, RowsOfItems),
    ];

    private static DataOptions CountedLines => new() { Paths = ["users.dat"], Format = DataFormat.CountedLines };

    private static Dictionary<string, string> IgnoreRest => new() { ["*"] = "ignore" };

    private static PublicDataset ByHand(string name, string description, string licence, string page, DataOptions import, string? note = null) => new()
    {
        Name = name,
        Description = description,
        Licence = licence,
        Page = new Uri(page),
        Import = import,
        Note = note,
    };
}
