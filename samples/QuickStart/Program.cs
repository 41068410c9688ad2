using Tastemaker;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;

// A file, a folder or a database; columns are recognized by their names.
var data = DatasetImport.Import("data/ml-latest-small");
Console.WriteLine($"{data.Interactions.Count} ratings, {data.Users.Count} users, {data.Items.Count} films");

// One rating in five of every user is kept from training, to measure with.
var split = SplitterSyntax.Parse("ratio-by-user(test=0.2,validation=0)").Apply(data, seed: 42);
using var recommender = Recommender.Train("ease", split);

// Every film is ranked for every user; none is sampled away.
var options = new EvaluationOptions { Metrics = ["ndcg", "recall"], Cutoffs = [10] };
foreach (var (metric, value) in new Evaluator(split.Train, options).Evaluate(recommender, split.Test).Metrics)
{
    Console.WriteLine($"{metric} {value:0.000}");
}

// For someone the system knows, and for someone of whom only three films are known, by title or id.
Print("User 15 may like", recommender.Recommend(Request.ForUser("15"), 5));
string[] liked = ["Toy Story", "Fargo", "The Matrix"];
Print($"Who likes {string.Join(", ", liked)} may like", recommender.Recommend(Request.ForHistory(recommender.FindItems(liked)), 5));

// A saved model needs no data, and answers as it did before.
Recommender.Save(recommender, "artifacts/quick-start");
using var loaded = Recommender.Load("artifacts/quick-start");
Print("Loaded again, it says", loaded.Recommend(Request.ForUser("15"), 5));

static void Print(string heading, RecommendationList list)
{
    Console.WriteLine($"\n{heading}:");
    foreach (var recommendation in list.Items)
    {
        Console.WriteLine($"  {recommendation.Score:0.00}  {recommendation.Title}");
    }
}
