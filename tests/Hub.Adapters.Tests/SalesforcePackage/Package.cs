using System.Collections.Immutable;
using System.Xml.Linq;

namespace Hub.Adapters.Tests.SalesforcePackage;

/// <summary>The source-format package as the rules read it: text by path below <c>salesforce/</c>; a planted change serves to see a rule fail.</summary>
internal sealed record Package(ImmutableSortedDictionary<string, string> Files)
{
    public const string Main = "force-app/main/default/";
    public static readonly XNamespace Metadata = "http://soap.sforce.com/2006/04/metadata";

    public static string Root { get; } = FindRoot();

    public static Package OfTheRepository { get; } = new(Directory
        .EnumerateFiles(Path.Combine(Root, "salesforce"), "*", SearchOption.AllDirectories)
        .ToImmutableSortedDictionary(path => Path.GetRelativePath(Path.Combine(Root, "salesforce"), path).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal));

    public IEnumerable<string> Xml => Files.Keys.Where(path => path.EndsWith(".xml", StringComparison.Ordinal));

    public IEnumerable<PackageField> Fields =>
        from path in Under("objects/", ".field-meta.xml")
        let parts = path.Split('/')
        select new PackageField(parts[^3], Read(path));

    public Package Without(string path) => this with { Files = Files.Remove(Full(path)) };

    public Package With(string path, string text) => this with { Files = Files.SetItem(Full(path), text) };

    /// <summary>Plants one change; the text to replace must be there, or the test would prove nothing.</summary>
    public Package With(string path, string old, string text)
    {
        string before = Files[Full(path)];
        Assert.Contains(old, before, StringComparison.Ordinal);
        return With(path, before.Replace(old, text, StringComparison.Ordinal));
    }

    /// <summary>Paths below the package's main folder.</summary>
    public IEnumerable<string> Under(string folder, string suffix) => Files.Keys
        .Where(path => path.StartsWith(Main + folder, StringComparison.Ordinal) && path.EndsWith(suffix, StringComparison.Ordinal))
        .Select(path => path[Main.Length..]);

    public XElement Read(string path) => XDocument.Parse(Files[Full(path)]).Root!;

    public bool Has(string path) => Files.ContainsKey(Full(path));

    public PermissionSet Permissions(string name) => new(name, Read($"permissionsets/{name}.permissionset-meta.xml"));

    public IEnumerable<PermissionSet> AllPermissions() =>
        Under("permissionsets/", ".permissionset-meta.xml").Select(path => Permissions(NameOf(path)));

    /// <summary>The component's name: the file's, without suffix.</summary>
    public static string NameOf(string path) => Path.GetFileName(path)[..^"-meta.xml".Length] is var name ? name[..name.LastIndexOf('.')] : path;

    private string Full(string path) => Files.ContainsKey(path) || path.StartsWith(Main, StringComparison.Ordinal) || path.StartsWith("manifest/", StringComparison.Ordinal) ? path : Main + path;

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("No Hub.sln above the tests.");
    }
}

/// <summary>A custom field's definition.</summary>
internal sealed record PackageField(string Object, XElement Xml)
{
    public string Name => this["fullName"] ?? "";

    public string Key => $"{Object}.{Name}";

    public string? this[string element] => Xml.Element(Package.Metadata + element)?.Value;

    public IEnumerable<string> Values => Xml.Descendants(Package.Metadata + "value").Select(value => value.Element(Package.Metadata + "fullName")!.Value);

    /// <summary>Type, size and flags in one line, such as <c>Text(64) unique external case</c>.</summary>
    public string Shape
    {
        get
        {
            string size = this["precision"] is { } precision ? $"({precision},{this["scale"]})" : this["length"] is { } length ? $"({length})" : this["referenceTo"] is { } target ? $"({target})" : "";
            return this["type"] + size + Flag("unique", " unique") + Flag("externalId", " external") + Flag("caseSensitive", " case") + Flag("restricted", " restricted");
        }
    }

    private string Flag(string element, string word) => Xml.Descendants(Package.Metadata + element).Any(found => found.Value == "true") ? word : "";
}

/// <summary>What a permission set grants.</summary>
internal sealed record PermissionSet(string Name, XElement Xml)
{
    private static readonly (string Element, string Word)[] Rights =
    [
        ("allowRead", "read"), ("allowCreate", "create"), ("allowEdit", "edit"), ("allowDelete", "delete"), ("viewAllRecords", "viewAll"), ("modifyAllRecords", "modifyAll"),
    ];

    public IEnumerable<string> Readable => Fields("readable");

    public IEnumerable<string> Editable => Fields("editable");

    public IEnumerable<string> Custom => Enabled("customPermissions");

    public IEnumerable<string> User => Enabled("userPermissions");

    /// <summary>Objects as <c>Account: read edit viewAll</c>.</summary>
    public IEnumerable<string> Objects => Xml.Elements(Package.Metadata + "objectPermissions")
        .Select(entry => $"{entry.Element(Package.Metadata + "object")!.Value}:{string.Concat(Rights.Where(right => entry.Element(Package.Metadata + right.Element)?.Value == "true").Select(right => " " + right.Word))}");

    private IEnumerable<string> Fields(string right) => Xml.Elements(Package.Metadata + "fieldPermissions")
        .Where(entry => entry.Element(Package.Metadata + right)?.Value == "true").Select(entry => entry.Element(Package.Metadata + "field")!.Value);

    private IEnumerable<string> Enabled(string element) => Xml.Elements(Package.Metadata + element)
        .Where(entry => entry.Element(Package.Metadata + "enabled")?.Value == "true").Select(entry => entry.Element(Package.Metadata + "name")!.Value);
}
