using Hub.Sdk.StripeGenerator;

// Run in the generator's folder: see README.md.
if (args is ["extract", var full])
{
    var description = Extraction.Run(Whitelist.Parse(File.ReadAllText("whitelist.json")), File.ReadAllText(full));
    File.WriteAllText("api.json", description.ToJson());
    return 0;
}

var output = Directory.CreateDirectory(Path.Combine("..", "Stripe.net", "Generated"));
foreach (var stale in output.EnumerateFiles("*.cs"))
{
    stale.Delete();
}

foreach (var (name, text) in Generator.Generate(ApiDescription.Parse(File.ReadAllText("api.json"))))
{
    File.WriteAllText(Path.Combine(output.FullName, name), text);
}

return 0;
