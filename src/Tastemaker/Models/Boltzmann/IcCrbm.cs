using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Models.Boltzmann;

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
        Answers = Answers.KnownUsers,
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
