namespace Tastemaker.Options;

/// <summary>Marks the hyper-parameters of systems for which ratings are classes: the distinct values become part of the model's shape.</summary>
internal interface IRatingLevelOptions
{
    /// <summary>Name of the system, for messages.</summary>
    string System { get; }
}
