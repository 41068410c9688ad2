
namespace Tastemaker.Evaluation.Metrics;

/// <summary>What a group counts in a grouped AUC.</summary>
internal enum GroupWeight
{
    /// <summary>Its number of rows, as in DIN.</summary>
    Impressions,

    /// <summary>Its number of positive rows, as in RecBole.</summary>
    Positives,
}
