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
