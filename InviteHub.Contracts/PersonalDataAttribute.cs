namespace InviteHub.Contracts;

/// <summary>
/// Marks a text property of an integration event as personal data: it crosses the bus only as AES-256-GCM ciphertext
/// under the day's bus key (GDP-03), and is clear again in the consumer's hand.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalDataAttribute : Attribute;
