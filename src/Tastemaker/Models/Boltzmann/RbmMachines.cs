namespace Tastemaker.Models.Boltzmann;

/// <summary>Which machines a rating is connected to.</summary>
public enum RbmMachines
{
    /// <summary>That of its user and that of its item: UI-RBM.</summary>
    Both,

    /// <summary>That of its user alone: a case is a user, a unit an item (U-RBM).</summary>
    Users,

    /// <summary>That of its item alone: a case is an item, a unit a user (I-RBM).</summary>
    Items,
}
