using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Tests.Training;

namespace Tastemaker.Tests.Conformance;

/// <summary>Generated data with something to learn: users of a group prefer the items of the group, and a few items are popular with all.</summary>
internal static class PlantedTaste
{
    private const int Groups = 8;

    /// <summary>A split of generated data.</summary>
    /// <param name="users">Users.</param>
    /// <param name="items">Items.</param>
    /// <param name="each">Items per user.</param>
    /// <param name="seed">Chooses them.</param>
    public static Split Split(int users, int items, int each, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        var rows = new List<(int User, int Item)>();
        for (var user = 0; user < users; user++)
        {
            var taken = new HashSet<int>();
            while (taken.Count < each)
            {
                // A fifth of the positives is popular with all; within a group the first items have most positives.
                var place = (int)(Math.Pow(random.NextDouble(), 2) * (items / Groups));
                taken.Add(random.NextDouble() < 0.2 ? (int)(random.NextDouble() * 10) * Groups : (place * Groups) + (user % Groups));
            }

            rows.AddRange(taken.Select(item => (user, item)));
        }

        return SplitterSyntax.Parse("ratio-by-user(test=0.2,validation=0.1)").Apply(Toy.Data(users, items, rows).Data, 42);
    }

    /// <summary>Training data in which every user has as many items and every item as many users.</summary>
    public static TrainingSet Regular(int users, int items, int each) =>
        Toy.Data(users, items, [.. Enumerable.Range(0, users * each).Select(entry => (entry / each, entry % items))]);
}
