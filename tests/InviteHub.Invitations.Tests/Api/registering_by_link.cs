using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
public sealed class registering_by_link(InvitationsService service)
{
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Feature", "INV-10")]
    public async Task makes_the_account_and_signs_the_person_in(bool isCustomer)
    {
        var invitation = await service.Invited(isCustomer
            ? InvitationsService.Customer(_organization, "ada1@example.org")
            : InvitationsService.Access(_organization, "ada1@example.org"));

        using var answer = await service.Client().PostAsJsonAsync($"/api/v1/registrations/{service.Token(invitation)}", Form);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["tokenType"]!.GetValue<string>().ShouldBe("Bearer");
        (await Status(invitation)).ShouldBe("accepted");
    }

    [Fact]
    [Trait("Feature", "INV-05")]
    public async Task opening_the_link_does_not_use_it_up_and_registering_does()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "ada2@example.org"));
        var link = $"/api/v1/registrations/{service.Token(invitation)}";

        for (var i = 0; i < 3; i++)
            (await service.Client().GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.Client().PostAsJsonAsync(link, Form)).StatusCode.ShouldBe(HttpStatusCode.Created);

        using var again = await service.Client().PostAsJsonAsync(link, Form);
        again.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await Code(again)).ShouldBe("link-used");
    }

    [Fact]
    [Trait("Feature", "INV-05")]
    public async Task twice_at_once_with_one_link_makes_one_account()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "ada3@example.org"));
        var link = $"/api/v1/registrations/{service.Token(invitation)}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.Client().PostAsJsonAsync(link, Form)));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-09")]
    public async Task with_a_revoked_link_is_told_so_before_anything_is_typed()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "ada4@example.org"));
        (await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{invitation["id"]}/revoke", null)).EnsureSuccessStatusCode();

        using var answer = await service.Client().GetAsync($"/api/v1/registrations/{service.Token(invitation)}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await Code(answer)).ShouldBe("link-revoked");
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    public async Task that_identity_refuses_opens_the_invitation_again_and_says_why()
    {
        service.WithoutAccounts(_organization);
        var invitation = await service.Invited(InvitationsService.Customer(_organization, "ada5@example.org"));

        using var answer = await service.Client().PostAsJsonAsync($"/api/v1/registrations/{service.Token(invitation)}", Form);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Code(answer)).ShouldBe("email-taken");
        (await Status(invitation)).ShouldBe("pending");
        (await service.Client().GetAsync($"/api/v1/registrations/{service.Token(invitation)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Feature", "INV-10")]
    public async Task with_a_weak_password_and_without_the_policy_is_told_both()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "ada6@example.org"));

        using var answer = await service.Client().PostAsJsonAsync($"/api/v1/registrations/{service.Token(invitation)}", new { password = "short", language = "en" });

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]!.AsObject();
        errors.Select(e => e.Key).ShouldBe(["password", "acceptPrivacyPolicy"], ignoreOrder: true);
    }

    private async Task<string> Status(JsonNode invitation) =>
        (await service.Client(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations/{invitation["id"]}"))!["status"]!.GetValue<string>();

    private static async Task<string> Code(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>();
}
