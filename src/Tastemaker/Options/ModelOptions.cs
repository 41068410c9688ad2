namespace Tastemaker.Options;

/// <summary>
/// The hyper-parameters of a system: the science. Each system derives one record whose defaults are the paper's (or best practice where the
/// paper is silent). Ranges are declared with <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/>, search ranges with
/// <see cref="SearchAttribute"/>, and the option's description is its doc comment.
/// </summary>
public abstract record ModelOptions;
