using Tastemaker.Data.Import;

namespace Tastemaker.Data.Sources;

/// <summary>Click logs.</summary>
internal static class SessionSets
{
    public static IEnumerable<PublicDataset> All { get; } =
    [
        new()
        {
            Name = "yoochoose",
            Description = "33 million clicks of 9.2 million sessions, RecSys Challenge 2015",
            Licence = "CC BY-NC-ND 4.0, as the challenge page stated; check before use",
            Page = new Uri("https://www.kaggle.com/datasets/chadgostopp/recsys-challenge-2015"),
            Import = new DataOptions { Paths = ["yoochoose-clicks.dat"], Header = HeaderLine.Absent, Delimiter = ",", User = "1", Time = "2", Item = "3" },
        },
        new()
        {
            Name = "diginetica",
            Description = "product views in anonymous sessions, CIKM Cup 2016 track 2",
            Licence = "terms of the CIKM Cup 2016",
            Page = new Uri("https://competitions.codalab.org/competitions/11161"),
            Import = new DataOptions { Paths = ["train-item-views.csv"], Delimiter = ";", User = "sessionId", Item = "itemId", Time = "eventdate" },
            Note = "Within a day the column timeframe orders the clicks; to keep that order, sort the file by session and timeframe.",
        },
        new()
        {
            Name = "retailrocket",
            Description = "2.7 million views, carts and purchases of 1.4 million visitors",
            Licence = "CC BY-NC-SA 4.0",
            Page = new Uri("https://www.kaggle.com/datasets/retailrocket/ecommerce-dataset"),
            Import = new DataOptions { Paths = ["events.csv"], User = "visitorid", Item = "itemid", Time = "timestamp", TimeUnit = TimeUnit.Milliseconds },
        },
    ];
}
