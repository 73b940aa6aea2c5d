namespace Edna.Hosting;

/// <summary>A configuration value that the service cannot start with.</summary>
/// <param name="key">The configuration key, variable or file.</param>
/// <param name="reason">What is wrong and what is allowed.</param>
internal sealed class ConfigurationException(string key, string reason) : Exception($"{key}: {reason}");
