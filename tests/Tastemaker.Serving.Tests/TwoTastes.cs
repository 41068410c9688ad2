using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker.Serving.Tests;

/// <summary>40 users and 30 items of two tastes: even users have even items, odd users odd ones, about two thirds of them.</summary>
internal static class TwoTastes
{
    public const int Users = 40;
    public const int Items = 30;

    /// <summary>The data; of another seed other items are missing.</summary>
    public static Dataset Data(ulong seed = 3)
    {
        var random = new SeededRandom(seed);
        var (users, items) = (new List<int>(), new List<int>());
        for (var user = 0; user < Users; user++)
        {
            for (var item = user % 2; item < Items; item += 2)
            {
                if (random.NextDouble() < 0.65)
                {
                    users.Add(user);
                    items.Add(item);
                }
            }
        }

        return new Dataset
        {
            Name = "two-tastes",
            Users = new Vocabulary(Enumerable.Range(0, Users).Select(User)),
            Items = new Vocabulary(Enumerable.Range(0, Items).Select(Item)),
            Interactions = new Interactions([.. users], [.. items], null, [.. users.Select((_, row) => 1_700_000_000L + row)]),
        };
    }

    public static string User(int user) => string.Create(CultureInfo.InvariantCulture, $"u{user}");

    public static string Item(int item) => string.Create(CultureInfo.InvariantCulture, $"i{item}");

    /// <summary>Whether an item is to the taste of even users.</summary>
    public static bool IsEven(string item) => int.Parse(item.AsSpan(1), CultureInfo.InvariantCulture) % 2 == 0;

    /// <summary>A system trained on all of it.</summary>
    public static IRecommender Train(string system, ModelOptions? options = null, ulong seed = 3, long? storeUntil = null)
    {
        var split = SplitterSyntax.Parse("leave-one-out(validation=no)").Apply(Data(seed) with { StoreUntil = storeUntil }, seed: 1);
        return Recommender.Train(system, split, options, new TrainingOptions { Threads = 1 });
    }
}
