using InviteHub.ServiceDefaults;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "ROL-08")]
public class every_endpoint(House house) : IClassFixture<House>
{
    [Fact]
    public void names_one_row_of_the_permission_table_and_none_that_needs_a_session()
    {
        var endpoints = house.Endpoints.ToList();
        endpoints.Count.ShouldBeGreaterThan(5);
        endpoints.Where(e => e.Metadata.GetOrderedMetadata<Permission>() is not [{ NeedsSession: false }]).Select(e => e.DisplayName).ShouldBeEmpty();
    }
}
