using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Boltzmann;

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
