using System.Data;
using Dapper;

namespace InviteHub.ServiceDefaults;

/// <summary>Lets read models have instants as <see cref="DateTimeOffset"/>: Npgsql reads <c>timestamptz</c> as a UTC <see cref="DateTime"/>.</summary>
public sealed class UtcInstants : SqlMapper.TypeHandler<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Parse(object value) => new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

    /// <inheritdoc/>
    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;

    /// <summary>Makes Dapper use it.</summary>
    public static void Register() => SqlMapper.AddTypeHandler(new UtcInstants());
}
