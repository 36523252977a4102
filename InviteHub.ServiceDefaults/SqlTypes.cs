using System.Data;
using Dapper;

namespace InviteHub.ServiceDefaults;

/// <summary>How Dapper reads rows of read models.</summary>
internal static class SqlTypes
{
    /// <summary>Columns are named <c>first_name</c> and read into <c>FirstName</c>; instants are <see cref="DateTimeOffset"/>.</summary>
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcInstants());
    }

    /// <summary>Npgsql reads <c>timestamptz</c> as a UTC <see cref="DateTime"/>.</summary>
    private sealed class UtcInstants : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }
}
