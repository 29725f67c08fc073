namespace Stripe;

/// <summary>Marks a class whose named properties are request parameters.</summary>
public interface INestedOptions;
