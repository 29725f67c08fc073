using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables.Internal;

/// <summary>Writes a predicate over an entity as an OData filter.</summary>
/// <remarks>
/// Knows comparisons, and/or/not, boolean properties, CompareTo, string.Compare, Equals, and of a TableEntity the
/// indexer and typed getters; everything that does not touch the entity is evaluated first. The service can do no more.
/// </remarks>
internal static class FilterExpression
{
    /// <returns>The filter, or null where the predicate is always true.</returns>
    /// <exception cref="NotSupportedException">The service has no such filter.</exception>
    public static string? Write(LambdaExpression predicate)
    {
        string filter = Boolean(predicate.Body, predicate.Parameters[0]);
        return filter == "true" ? null : filter;
    }

    private static string Boolean(Expression expression, ParameterExpression entity) => Bare(expression) switch
    {
        var constant when !Touches(constant, entity) => ODataLiteral.Of(Evaluate(constant)),
        BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } and => $"{Operand(and.Left, entity)} and {Operand(and.Right, entity)}",
        BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } or => $"{Operand(or.Left, entity)} or {Operand(or.Right, entity)}",
        BinaryExpression comparison => Comparison(comparison, entity),
        UnaryExpression { NodeType: ExpressionType.Not } not => $"not ({Boolean(not.Operand, entity)})",
        MethodCallExpression { Method.Name: "Equals" } equals => Equality(equals, entity),
        var property => $"{Property(property, entity)} eq true",
    };

    private static string Operand(Expression expression, ParameterExpression entity) =>
        Touches(expression, entity) ? $"({Boolean(expression, entity)})" : Boolean(expression, entity);

    private static string Equality(MethodCallExpression call, ParameterExpression entity) => (call.Object, call.Arguments.Count) switch
    {
        ({ } left, 1) => Compare(left, "eq", call.Arguments[0], entity),
        (null, 2) => Compare(call.Arguments[0], "eq", call.Arguments[1], entity),
        _ => throw Unsupported(call),
    };

    private static string Comparison(BinaryExpression comparison, ParameterExpression entity)
    {
        string symbol = Symbol(comparison);
        return (Bare(comparison.Left), Bare(comparison.Right)) switch
        {
            (MethodCallExpression { Method.Name: "CompareTo" or "Compare" or "CompareOrdinal" } call, var zero) when IsZero(zero, entity) => Ordering(call, symbol, entity),
            (var zero, MethodCallExpression { Method.Name: "CompareTo" or "Compare" or "CompareOrdinal" } call) when IsZero(zero, entity) => Ordering(call, Mirror(symbol), entity),
            _ => Compare(comparison.Left, symbol, comparison.Right, entity),
        };
    }

    private static string Ordering(MethodCallExpression call, string symbol, ParameterExpression entity) => (call.Object, call.Arguments.Count) switch
    {
        ({ } left, 1) => Compare(left, symbol, call.Arguments[0], entity),
        (null, 2) => Compare(call.Arguments[0], symbol, call.Arguments[1], entity),
        _ => throw Unsupported(call),
    };

    private static string Compare(Expression left, string symbol, Expression right, ParameterExpression entity) =>
        $"{Value(left, entity)} {symbol} {Value(right, entity)}";

    // The value keeps its conversion: C# compares a long property with 5 as a long, and the literal must say so.
    private static string Value(Expression expression, ParameterExpression entity) =>
        Touches(expression, entity) ? Property(Bare(expression), entity) : Literal(Evaluate(expression));

    // A whole number compared with an Edm.Double must look like one.
    private static string Literal(object? value) => value is double number && double.IsInteger(number) && Math.Abs(number) < 1e15
        ? number.ToString("0.0", CultureInfo.InvariantCulture)
        : ODataLiteral.Of(value);

    private static string Property(Expression expression, ParameterExpression entity) => expression switch
    {
        MemberExpression { Member.Name: "Value" } value when Nullable.GetUnderlyingType(value.Expression!.Type) is not null => Property(Bare(value.Expression), entity),
        MemberExpression { Member: PropertyInfo property } member when Bare(member.Expression!) == entity && !property.PropertyType.IsEnum => NameOf(property),
        MethodCallExpression { Object: { } on } call when Bare(on) == entity && call.Arguments is [var name] && IsGetter(call.Method) => (string)Evaluate(name)!,
        _ => throw Unsupported(expression),
    };

    private static string NameOf(PropertyInfo property) =>
        property.DeclaringType == typeof(TableItem) && property.Name == nameof(TableItem.Name) ? "TableName" : EntityMembers.NameOf(property);

    private static bool IsGetter(MethodInfo method) => method.Name.StartsWith("Get", StringComparison.Ordinal) || method.Name == "get_Item";

    private static bool IsZero(Expression expression, ParameterExpression entity) => !Touches(expression, entity) && Evaluate(expression) is 0;

    private static string Symbol(BinaryExpression comparison) => comparison.NodeType switch
    {
        ExpressionType.Equal => "eq",
        ExpressionType.NotEqual => "ne",
        ExpressionType.LessThan => "lt",
        ExpressionType.LessThanOrEqual => "le",
        ExpressionType.GreaterThan => "gt",
        ExpressionType.GreaterThanOrEqual => "ge",
        _ => throw Unsupported(comparison),
    };

    private static string Mirror(string symbol) => symbol switch
    {
        "lt" => "gt",
        "le" => "ge",
        "gt" => "lt",
        "ge" => "le",
        _ => symbol,
    };

    private static Expression Bare(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert)
        {
            expression = convert.Operand;
        }

        return expression;
    }

    private static object? Evaluate(Expression expression) => expression is ConstantExpression constant
        ? constant.Value
        : Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();

    private static bool Touches(Expression expression, ParameterExpression entity)
    {
        var finder = new Finder(entity);
        finder.Visit(expression);
        return finder.Found;
    }

    private static NotSupportedException Unsupported(Expression expression) => new($"The expression {expression} is not supported.");

    private sealed class Finder(ParameterExpression parameter) : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found |= node == parameter;
            return node;
        }
    }
}
