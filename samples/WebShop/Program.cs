using Tastemaker.Recommending;
using Tastemaker.Serving;
using Tastemaker.Serving.Events;

// A shop with its recommender inside: dotnet run --project samples/WebShop -- --Model runs/ease
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddTastemaker(options => options.Model = builder.Configuration["Model"] ?? "runs/ease");
var app = builder.Build();

// What this visitor may like, whether or not the model has met them, and why.
app.MapGet("/home/{visitor}", async (string visitor, IRecommendationService recommender, CancellationToken gone) =>
{
    var answer = await recommender.RecommendAsync(new RecommendationQuery { Request = Request.ForUser(visitor), Count = 5, Explain = true }, gone);
    return answer.Items.Select(item => new { item.Item, item.Title, Because = item.Because?.Select(reason => reason.Title ?? reason.Item ?? reason.Value) });
});

// What goes with a product.
app.MapGet("/products/{product}/goes-with", async (string product, IRecommendationService recommender, CancellationToken gone) =>
    (await recommender.SimilarAsync(product, 5, cancellation: gone)).Items);

// A purchase counts at once: the product leaves the visitor's list, and the rest follows it.
app.MapPost("/purchases/{visitor}/{product}", (string visitor, string product, IRecommendationService recommender) =>
    recommender.AppendAsync([new Interaction(visitor, product)]));

app.Run();
