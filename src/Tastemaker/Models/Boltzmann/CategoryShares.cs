using Tastemaker.Data;

namespace Tastemaker.Models.Boltzmann;

/// <summary>Category profiles of users.</summary>
internal static class CategoryShares
{
    /// <summary>c: a row a user, the mean of the categories of the items rated. A share and no count, so that it does not grow with activity.</summary>
    /// <param name="rated">A row a user: the items rated in training.</param>
    /// <param name="categories">A row an item.</param>
    public static SparseRows Of(SparseRows rated, SparseRows categories)
    {
        var (offsets, columns, values) = (new int[rated.RowCount + 1], new List<int>(), new List<float>());
        var profile = new float[categories.ColumnCount];
        for (var user = 0; user < rated.RowCount; user++)
        {
            Array.Clear(profile);
            foreach (var item in rated[user])
            {
                var weights = categories.RowValues(item);
                for (var entry = 0; entry < weights.Length; entry++)
                {
                    profile[categories[item][entry]] += weights[entry];
                }
            }

            for (var category = 0; category < profile.Length; category++)
            {
                if (profile[category] != 0)
                {
                    columns.Add(category);
                    values.Add(profile[category] / rated.Length(user));
                }
            }

            offsets[user + 1] = values.Count;
        }

        return new SparseRows(offsets, [.. columns], categories.ColumnCount, [.. values]);
    }
}
