namespace Tastemaker.Configuration;

/// <summary>What an option's value is.</summary>
internal enum OptionKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Switch,

    /// <summary>One of a few names.</summary>
    Choice,

    /// <summary>A text.</summary>
    Text,
}
