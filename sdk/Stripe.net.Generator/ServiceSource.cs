using System.Text;
using System.Text.RegularExpressions;

namespace Hub.Sdk.StripeGenerator;

/// <summary>Writes a service class: each operation once blocking, once awaiting.</summary>
internal static partial class ServiceSource
{
    public static string Write(string name, ServiceDescription service, IEnumerable<(string Accessor, string Service)> nested)
    {
        var (_, className) = Naming.Split(name);
        var text = new StringBuilder($$"""
            public class {{className}} : Service
            {
                public {{className}}()
                {
                }

                public {{className}}(IStripeClient client)
                    : base(client)
                {
            {{string.Concat(nested.Select(child => $"        {child.Accessor} = new {child.Service}(client);\n"))}}    }

            """.ReplaceLineEndings("\n"));
        foreach (var (accessor, child) in nested)
        {
            text.Append($"\n    public virtual {child} {accessor} {{ get; }} = new {child}();\n");
        }

        foreach (var operation in service.Operations)
        {
            WriteOperation(text, operation);
        }

        return text.Append("}\n").ToString();
    }

    private static void WriteOperation(StringBuilder text, OperationDescription operation)
    {
        var ids = string.Concat(PathId().Matches(operation.Path).Select(match => $"string {match.Groups[1].Value}, "));
        var path = PathId().Replace(operation.Path, match => $"{{WebUtility.UrlEncode({match.Groups[1].Value})}}");
        path = ids.Length == 0 ? $"\"{path}\"" : $"$\"{path}\"";
        var (_, options) = Naming.Split(operation.Options);
        var arguments = $"{ids}{options} options{(operation.MandatoryOptions ? string.Empty : " = null")}, RequestOptions requestOptions = null";
        var method = $"HttpMethod.{Naming.Pascal(operation.Http.ToLowerInvariant())}";
        text.Append($$"""

                public virtual {{operation.Returns}} {{operation.Name}}({{arguments}}) =>
                    Request<{{operation.Returns}}>({{method}}, {{path}}, options, requestOptions);

                public virtual Task<{{operation.Returns}}> {{operation.Name}}Async({{arguments}}, CancellationToken cancellationToken = default) =>
                    RequestAsync<{{operation.Returns}}>({{method}}, {{path}}, options, requestOptions, cancellationToken);

            """.ReplaceLineEndings("\n"));
        if (operation.AutoPaging)
        {
            var item = operation.Returns[(operation.Returns.IndexOf('<', StringComparison.Ordinal) + 1)..^1];
            text.Append($$"""

                    public virtual IEnumerable<{{item}}> {{operation.Name}}AutoPaging({{arguments}}) =>
                        {{operation.Name}}All<{{item}}>({{path}}, options, requestOptions);

                    public virtual IAsyncEnumerable<{{item}}> {{operation.Name}}AutoPagingAsync({{arguments}}, CancellationToken cancellationToken = default) =>
                        {{operation.Name}}AllAsync<{{item}}>({{path}}, options, requestOptions, cancellationToken);

                """.ReplaceLineEndings("\n"));
        }
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathId();
}
