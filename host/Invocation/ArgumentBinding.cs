using System.Reflection;
using System.Text.Json;
using Hub.Host.Catalog;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Invocation;

/// <summary>Turns a trigger's input into a method's arguments, with the conversions of the published worker.</summary>
internal static class ArgumentBinding
{
    // The published worker's serializer differs from the defaults in this one point.
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    /// <exception cref="JsonException">A message's body is not the JSON the parameter asks for.</exception>
    public static object?[] Bind(FunctionDescriptor function, InvocationInput input, FunctionContext context) =>
        [.. function.Method.GetParameters().Select(parameter => Bind(parameter, input, context))];

    private static object? Bind(ParameterInfo parameter, InvocationInput input, FunctionContext context)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(CancellationToken))
        {
            return context.CancellationToken;
        }

        if (type == typeof(FunctionContext))
        {
            return context;
        }

        return input switch
        {
            InvocationInput.Tick tick => tick.Timer,
            InvocationInput.Request request when type == typeof(HttpRequest) => request.Context.Request,
            InvocationInput.Request request => request.Context.Request.RouteValues[parameter.Name!]?.ToString(),
            InvocationInput.Message message => Body(message.Body, type),
            _ => throw new InvalidOperationException($"{parameter.Name} cannot be bound from {input.GetType().Name}."),
        };
    }

    private static object Body(BinaryData body, Type type)
    {
        if (type == typeof(string))
        {
            return body.ToString();
        }

        if (type == typeof(BinaryData))
        {
            return body;
        }

        return type == typeof(byte[])
            ? body.ToArray()
            : JsonSerializer.Deserialize(body, type, Json) ?? throw new JsonException($"The message is null, not a {type.Name}.");
    }
}
