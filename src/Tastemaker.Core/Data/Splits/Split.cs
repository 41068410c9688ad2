namespace Tastemaker.Data.Splits;

/// <summary>A data set divided into what is learned from and what is measured on.</summary>
public sealed record Split
{
    /// <summary>The splitter's text and seed, e.g. "leave-one-out(by=time) seed 42".</summary>
    public required string Description { get; init; }

    /// <summary>What systems learn from. Its vocabularies are those of the whole split.</summary>
    public required TrainingSet Train { get; init; }

    /// <summary>What choices (epochs, options) are made on; null where the splitter was told to make none.</summary>
    public HoldOut? Validation { get; init; }

    /// <summary>What is reported.</summary>
    public required HoldOut Test { get; init; }

    /// <summary>What was left out and why: users without targets, items never trained on; printed with results.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>16 hexadecimal digits over training, validation and test content.</summary>
    public string Fingerprint => field ??= Compute();

    private string Compute()
    {
        var print = new Fingerprint().Add(Train.Interactions);
        foreach (var part in new[] { Validation, Test })
        {
            if (part is not null)
            {
                print.Add(part.Requests.Users).Add(part.Targets.Offsets).Add(part.Targets.Columns);
            }
        }

        return print.ToString();
    }
}
