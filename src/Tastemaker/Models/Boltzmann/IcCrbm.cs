using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Models.Boltzmann;

/// <summary>Which machines see categories.</summary>
public enum CategorySides
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>The machine of users, by the categories of the items they rated.</summary>
    Users,

    /// <summary>The machine of items, by their own categories.</summary>
    Items,
}

/// <summary>Hyper-parameters of <see cref="IcCrbm"/>.</summary>
public sealed record IcCrbmOptions : UserItemRbmOptions
{
    /// <summary>
    /// The item features that are categories, such as "genres(pool=sum)"; with pool=sum each category of an item counts 1, with pool=mean they share 1.
    /// <value>all columns of items that are no text, sets with pool=sum</value>
    /// </summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in to be read.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Which machines see categories.</summary>
    public CategorySides Categories { get; init; }

    /// <summary>Learning rate of the weights of categories, in learning rates of the others. They learn slowly: their gradient is the difference of hidden states alone.</summary>
    [Range(0.0, 1000.0)]
    [Search(1, 10, Log = true)]
    public double CategoryRate { get; init; } = 1;

    /// <summary>Standard deviation of the initial weights of categories.</summary>
    [Range(0.0, 10.0)]
    public double CategoryDeviation { get; init; } = 0.01;
}

/// <summary>
/// IC-CRBM, after Liu et al., reconstructed: the paper's text could not be had, so this is UI-RBM (which it is known to extend) with the conditional layer of
/// conditional Boltzmann machines. Categories bias hidden units and are never reconstructed: h^I_j = sigma(b^I + sum_i w^I_i v_ij + D^I g_j) with the categories
/// g_j of an item, h^U_i = sigma(b^U + sum_j w^U_j v_ij + D^U c_i) with c_i the mean of g over the items that the user rated in training. An item without
/// ratings is predicted by the item machine alone, whose visible bias is the user's offset.
/// </summary>
internal sealed class IcCrbm : UserItemRbm
{
    private readonly IcCrbmOptions options;
    private readonly SparseRows categories;

    public IcCrbm(IcCrbmOptions options, ModelShape shape)
        : base(nameof(IcCrbm), shape, options)
    {
        this.options = options;
        EntityBags.Check(shape.Features!.Schema, FieldSource.Item, "item-fields");
        categories = EntityBags.Of(shape.Features!, FieldSource.Item, BagScale.None);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<IcCrbmOptions>((options, shape) => new IcCrbm(options, shape))
    {
        Id = "ic-crbm",
        Name = "IC-CRBM",
        Family = "Boltzmann",
        Summary = "UI-RBM whose hidden units also see the categories of items; after Liu et al., reconstructed: the paper's text could not be had.",
        Paper = "X. Liu, Y. Ouyang, W. Rong and Z. Xiong: Item Category Aware Conditional Restricted Boltzmann Machine Based Recommendation. ICONIP 2015.",
        Answers = Capabilities.KnownUsers,
        Inputs = [RatingValues.Required, new EntityFeatures<IcCrbmOptions>(options => new(options.ItemFields, options.MinimumCount))],
        PredictsRatings = true,
        Check = RequireLevels,
    };

    /// <inheritdoc/>
    public override bool PredictsUnrated => true;

    /// <inheritdoc/>
    protected override SparseRows? Categories => categories;

    /// <inheritdoc/>
    protected override CategorySides CategorySides => options.Categories;

    /// <inheritdoc/>
    protected override double CategoryRate => options.CategoryRate;

    /// <inheritdoc/>
    protected override double CategoryDeviation => options.CategoryDeviation;
}

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
