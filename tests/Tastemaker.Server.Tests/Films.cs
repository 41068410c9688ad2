using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;

namespace Tastemaker.Server.Tests;

/// <summary>Sixty users of two tastes: each likes films whose number has the parity of its own. Even films are comedies, odd ones dramas; every third is a crime film too.</summary>
internal static class Films
{
    public const int Count = 40;

    public const int Users = 60;

    /// <summary>Identifiers are what people really have: letters of all scripts, slashes, and what an attacker would write.</summary>
    public static string Item(int number) => number switch { 2 => "фильм/二", 4 => "4'; DROP TABLE items; --", _ => $"f{number}" };

    public static string User(int number) => number == 2 ? "Zoë 王" : $"u{number}";

    public static string Title(int number) => $"Film {number}";

    /// <summary>What a user says of the own taste.</summary>
    public static string About(int number) => number % 2 == 0 ? "I laugh a lot at comedies" : "I like to cry over dramas";

    /// <summary>Trains a small model and saves it to a folder, in place of one that is there.</summary>
    public static void Train(string folder, ulong seed = 1, string system = "ease")
    {
        var random = new SeededRandom(seed);
        var (users, items) = (new List<int>(), new List<int>());
        for (var user = 0; user < Users; user++)
        {
            for (var item = 0; item < Count; item++)
            {
                if (user % 2 == item % 2 && random.NextDouble() < 0.6)
                {
                    users.Add(user);
                    items.Add(item);
                }
            }
        }

        int[][] genres = [.. Enumerable.Range(1, Count).Select(number => number % 3 == 0 ? new[] { number % 2, 2 } : [number % 2])];
        var data = new Dataset
        {
            Name = "films",
            Users = new Vocabulary(Enumerable.Range(1, Users).Select(User)),
            Items = new Vocabulary(Enumerable.Range(1, Count).Select(Item)),
            Interactions = new Interactions([.. users], [.. items]),
            UserFeatures = new FeatureTable(Users, [new TextColumn("about", [.. Enumerable.Range(1, Users).Select(About)])]),
            ItemFeatures = new FeatureTable(Count,
            [
                new TextColumn("title", [.. Enumerable.Range(1, Count).Select(Title)]),
                new MultiCategoricalColumn("genres", new Vocabulary(["Comedy", "Drama", "Crime"]), SparseRows.FromRows(genres, 3)),
            ]),
        };
        using var recommender = Recommender.Train(system, SplitterSyntax.Parse("ratio-by-user(test=0.1,validation=0)").Apply(data, seed: 1));
        Recommender.Save(recommender, folder);
    }
}
