using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;
using Tastemaker.Options;

namespace Tastemaker.Onnx.Tests;

/// <summary>Forty users and thirty films of two tastes, with titles, genres, ratings and times.</summary>
internal static class Films
{
    public const int Users = 40;
    public const int Count = 30;

    /// <summary>A system trained on them.</summary>
    public static IRecommender Train(string system, ModelOptions? given = null) => Recommender.Train(
        system, SplitterSyntax.Parse("leave-one-out(validation=no)").Apply(Data(), seed: 1), training: new TrainingOptions { Threads = 1, Patience = 0 },
        options: given is not null ? given : system == "multi-vae" ? new Tastemaker.Models.Autoencoders.MultiVaeOptions { Hidden = [16], Latent = 8, Epochs = 5 } : null);

    private static Dataset Data()
    {
        var random = new SeededRandom(3);
        var (users, items, values) = (new List<int>(), new List<int>(), new List<float>());
        for (var user = 0; user < Users; user++)
        {
            for (var item = user % 2; item < Count; item += 2)
            {
                if (random.NextDouble() < 0.65)
                {
                    users.Add(user);
                    items.Add(item);
                    values.Add(1 + random.Next(5));
                }
            }
        }

        int[][] genres = [.. Enumerable.Range(0, Count).Select(item => item % 3 == 0 ? new[] { item % 2, 2 } : [item % 2])];
        return new Dataset
        {
            Name = "films",
            Users = new Vocabulary(Enumerable.Range(0, Users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, Count).Select(item => item == 2 ? "фильм/二" : $"f{item}")),
            Interactions = new Interactions([.. users], [.. items], [.. values], [.. users.Select((_, row) => 1_700_000_000L + row)]),
            UserFeatures = new FeatureTable(Users, [new CategoricalColumn("taste", new Vocabulary(["even", "odd"]), [.. Enumerable.Range(0, Users).Select(user => user % 2)])]),
            ItemFeatures = new FeatureTable(Count,
            [
                new TextColumn("title", [.. Enumerable.Range(0, Count).Select(item => item == 4 ? null : $"Film {item}")]),
                new MultiCategoricalColumn("genres", new Vocabulary(["Comedy", "Drama, \"war\" — война", "Crime"]), SparseRows.FromRows(genres, 3)),
            ]),
        };
    }
}
