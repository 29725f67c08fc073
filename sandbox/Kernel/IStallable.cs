namespace Hub.Sandbox.Kernel;

/// <summary>A module that waits in the middle of executing when the request carries a <see cref="Fault"/> feature.</summary>
public interface IStallable;
