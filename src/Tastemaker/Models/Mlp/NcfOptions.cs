using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Mlp;

/// <summary>The hyper-parameters that GMF, MLP and NeuMF (He et al. 2017) share.</summary>
public abstract record NcfOptions : GradientModelOptions
{
    /// <summary>Items a positive that the user does not have, drawn uniformly and anew every epoch. <value>4</value> The paper found 3 to 6 best.</summary>
    [Range(1, 1000)]
    [Search(1, 10)]
    public int Negatives { get; init; } = 4;
}
