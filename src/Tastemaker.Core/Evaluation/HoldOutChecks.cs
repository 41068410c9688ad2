using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation;

/// <summary>Whether a hold-out, a recommender and the options fit together.</summary>
internal static class HoldOutChecks
{
    /// <summary>Values above this would make gains 2^r - 1 that nothing else can outweigh.</summary>
    private const float LargestGrade = 30;

    /// <summary>Refuses what cannot be measured; every problem at once.</summary>
    public static void Check(
        IReadOnlyList<MetricKey> keys, EvaluationOptions options, IRecommender recommender, TrainingSet train, HoldOut holdOut)
    {
        var problems = new List<string>();
        if (options.Threads < 1)
        {
            problems.Add($"{options.Threads} threads cannot rank anything; give 1 or more.");
        }

        if (options.BlockBytes < 1)
        {
            problems.Add($"A score block of {options.BlockBytes} bytes holds nothing; give 1 or more (a block holds at least one request).");
        }

        if (keys.Count == 0)
        {
            problems.Add("There is nothing to measure: give at least one cut-off, or a metric that needs none.");
        }

        if (holdOut is { Count: 0, Impressions: not null } && recommender.As<IClickPredictor>() is null)
        {
            problems.Add(
                $"The hold-out has {holdOut.Impressions.Interactions.Count} labelled rows and no requests to rank, and the system '{recommender.System}' only ranks. Take a system that predicts clicks.");
        }
        else
        {
            CheckMetrics(keys, options, recommender, holdOut, problems);
        }

        CheckShape(recommender, train, holdOut, problems);
        CheckRows(holdOut, train, problems);
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    private static void CheckMetrics(
        IReadOnlyList<MetricKey> keys, EvaluationOptions options, IRecommender recommender, HoldOut holdOut, List<string> problems)
    {
        foreach (var key in keys)
        {
            if (key.Metric.Kind == MetricKind.Pairs && holdOut.Impressions is null)
            {
                problems.Add($"'{key.Name}' is measured on labelled rows with predicted probabilities; ranking hold-outs have none. Leave it out.");
            }

            if (key.Metric.IsOfRows && holdOut.Impressions is not null && recommender.As<IClickPredictor>() is null)
            {
                problems.Add($"'{key.Name}' on labelled rows needs predicted probabilities, and the system '{recommender.System}' only ranks. Leave it out, or take a system that predicts clicks.");
            }

            if (!key.Metric.IsOfRows && holdOut is { Count: 0, Impressions: not null })
            {
                problems.Add($"'{key.Name}' is measured on requests, and this hold-out has labelled rows only. Leave it out.");
            }

            if (key.Metric is EventMetric timed)
            {
                if (!holdOut.Targets.HasTimes)
                {
                    problems.Add($"'{key.Name}' walks held-out events in order of time, and this data has no times. Leave it out, or name the time column at import.");
                }

                if (timed.NeedsTimes && recommender.As<IEventPredictor>() is null)
                {
                    problems.Add($"'{key.Name}' needs a system that expects when things happen, and '{recommender.System}' does not. Leave it out, or take deep-coevolve.");
                }
            }

            if (key.Metric.Kind == MetricKind.Value && options.Metrics.Count > 0)
            {
                if (recommender.As<IRatingPredictor>() is null)
                {
                    problems.Add($"'{key.Name}' needs predicted values, and the system '{recommender.System}' only ranks. Leave it out, or take a rating predictor.");
                }

                if (!holdOut.Targets.HasValues)
                {
                    problems.Add($"'{key.Name}' needs held-out values, and this data has none. Leave it out, or name the value column at import.");
                }
            }
        }

        if (keys.FirstOrDefault(key => key.Metric is RankingMetric { IsGraded: true }) is { } graded)
        {
            foreach (var value in holdOut.Targets.Values)
            {
                if (!(value >= 0 && value <= LargestGrade))
                {
                    problems.Add($"'{graded.Metric.Name}' takes gains 2^r - 1 of values from 0 to {LargestGrade}, and a held-out value is {value}. Use 'ndcg'.");
                    break;
                }
            }
        }
    }

    private static void CheckShape(IRecommender recommender, TrainingSet train, HoldOut holdOut, List<string> problems)
    {
        if (recommender.Items.Count != train.ItemCount)
        {
            problems.Add(
                $"The system '{recommender.System}' ranks {recommender.Items.Count} items and the split has {train.ItemCount}: it was trained on other data. Train it on this split.");
        }

        if (holdOut is { Count: 0, Impressions: null })
        {
            problems.Add("The hold-out has no requests: nothing can be measured. Hold out more, or filter less.");
        }

        CheckRows("targets", holdOut.Targets, holdOut.Count, train.ItemCount, problems);
        CheckRows("excluded items", holdOut.Excluded, holdOut.Count, train.ItemCount, problems);
        CheckRows("candidates", holdOut.Candidates, holdOut.Count, train.ItemCount, problems);
        if (problems.Count == 0 && holdOut.Candidates is { } candidates)
        {
            CheckTargetsAreCandidates(holdOut.Targets, candidates, problems);
        }
    }

    private static void CheckRows(HoldOut holdOut, TrainingSet train, List<string> problems)
    {
        if (holdOut.Impressions is not { } impressions)
        {
            return;
        }

        if (impressions.Items.Count != train.ItemCount || impressions.Users.Count != train.UserCount)
        {
            problems.Add(
                $"The labelled rows are of {impressions.Users.Count} users and {impressions.Items.Count} items, and the training part of {train.UserCount} and {train.ItemCount}: they are of other data.");
        }

        if (impressions.Interactions.Count == 0)
        {
            problems.Add("The hold-out has no labelled rows: nothing can be measured. Hold out more, or filter less.");
        }

        var row = impressions.Interactions.Values.IndexOfAnyExcept(0f, 1f);
        if (row >= 0 || !impressions.Interactions.HasValues)
        {
            problems.Add(row < 0
                ? "The labelled rows have no labels."
                : $"The label of row {row} is {impressions.Interactions.Values[row]}; labels are 0 or 1.");
        }
    }

    private static void CheckRows(string what, SparseRows? rows, int requests, int items, List<string> problems)
    {
        if (rows is null)
        {
            return;
        }

        if (rows.RowCount != requests)
        {
            problems.Add($"The hold-out has {requests} requests but {rows.RowCount} rows of {what}.");
            return;
        }

        for (var request = 0; request < requests; request++)
        {
            var previous = -1;
            foreach (var item in rows[request])
            {
                if (item <= previous || item >= items)
                {
                    problems.Add(item >= items || item < 0
                        ? $"The {what} of request {request} hold item {item}, which is not in the catalog of {items} items."
                        : $"The {what} of request {request} are not distinct and ascending.");
                    return;
                }

                previous = item;
            }
        }
    }

    private static void CheckTargetsAreCandidates(SparseRows targets, SparseRows candidates, List<string> problems)
    {
        for (var request = 0; request < targets.RowCount; request++)
        {
            foreach (var target in targets[request])
            {
                if (!candidates.SortedRowContains(request, target))
                {
                    problems.Add($"The candidates of request {request} lack its target, item {target}. Targets must be among the candidates.");
                    return;
                }
            }
        }
    }
}
