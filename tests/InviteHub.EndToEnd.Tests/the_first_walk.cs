using System.Net;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

/// <summary>The walk of the README, step by step, as a client does it.</summary>
[Collection(Collection)]
public sealed class the_first_walk(RunningApplication app)
{
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };

    [Fact]
    [Trait("Feature", "OPS-01")]
    [Trait("Feature", "INV-10")]
    [Trait("Feature", "INV-11")]
    public async Task leads_a_new_person_from_the_invitation_to_the_seat()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);

        var invitation = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, "ada@walk.example"), admin);
        Text(invitation, "status").ShouldBe("pending");
        (await app.Seats(business.Subscription, admin)).ShouldBe((1, 0, 1));

        var mail = await app.Mail("ada@walk.example");
        Text(mail, "text").ShouldContain("Acme");
        Text(mail, "text").ShouldContain("Planner");
        Text(mail, "html").ShouldContain("lang=\"en\"");
        var token = Token(mail);

        var offer = await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/registrations/{token}");
        Text(offer, "organization").ShouldBe("Acme");
        var session = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, $"/registrations/{token}", Form);

        var me = await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me", token: Text(session, "accessToken"));
        Text(me, "email").ShouldBe("ada@walk.example");
        var role = me["appRoles"]!.AsArray().ShouldHaveSingleItem()!;
        Text(role, "role").ShouldBe("editor");
        role["subscriptionId"]!.GetValue<Guid>().ShouldBe(business.Subscription);
        (await app.Seats(business.Subscription, admin)).ShouldBe((0, 1, 1));
    }

    [Fact]
    [Trait("Feature", "INV-09")]
    public async Task gives_the_seat_of_a_revoked_invitation_back_and_closes_its_link()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);
        var invitation = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, "grace@walk.example"), admin);
        var token = Token(await app.Mail("grace@walk.example"));

        Text(await app.Expect(HttpStatusCode.OK, HttpMethod.Post, $"/invitations/{Id(invitation)}/revoke", token: admin), "status").ShouldBe("revoked");

        (await app.Seats(business.Subscription, admin)).ShouldBe((0, 0, 2));
        Text(await app.Expect(HttpStatusCode.Gone, HttpMethod.Get, $"/registrations/{token}"), "code").ShouldBe("link-revoked");
        Text(await app.Expect(HttpStatusCode.Gone, HttpMethod.Post, $"/registrations/{token}", Form), "code").ShouldBe("link-revoked");
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    [Trait("Feature", "SUB-03")]
    public async Task gives_the_last_seat_to_exactly_one_of_two_who_are_invited_at_once()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 1);

        var answers = await Task.WhenAll(
            app.Send(HttpMethod.Post, "/invitations", Access(business, "first@walk.example"), admin),
            app.Send(HttpMethod.Post, "/invitations", Access(business, "second@walk.example"), admin));

        answers.Select(a => a.Status).ShouldBe([HttpStatusCode.Created, HttpStatusCode.Conflict], ignoreOrder: true);
        Text(answers.Single(a => a.Status == HttpStatusCode.Conflict).Body, "code").ShouldBe("seat-limit-reached");
        (await app.Seats(business.Subscription, admin)).ShouldBe((1, 0, 0));
        var list = await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations?organizationId={business.Organization}", token: admin);
        list["total"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-01")]
    [Trait("Feature", "INV-03")]
    public async Task checks_and_masks_the_personal_number_of_a_customers_invitee()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: null);
        object Customer(string number) => new
        {
            way = "customer",
            organizationId = business.Organization,
            firstName = "Karin",
            lastName = "Boye",
            email = "karin@walk.example",
            emailConfirmation = "karin@walk.example",
            swedishCitizen = true,
            personalNumber = number,
            language = "sv",
        };

        var refused = await app.Expect(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "/invitations", Customer("19811218-9875"), admin);
        refused["errors"]!["personalNumber"].ShouldNotBeNull();

        var invitation = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Customer("19811218-9876"), admin);
        Text(invitation, "personalNumber").ShouldBe("19811218-****");
        var mail = await app.Mail("karin@walk.example");
        Text(mail, "html").ShouldContain("lang=\"sv\"");

        var session = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, $"/registrations/{Token(mail)}", Form);
        var me = await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me", token: Text(session, "accessToken"));
        me.ToJsonString().ShouldNotContain("9876");
        me["organizations"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-27")]
    public async Task shows_that_the_mail_was_sent()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);
        var invitation = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, "sent@walk.example"), admin);
        await app.Mail("sent@walk.example");

        await Testing.Eventually.Is(
            async () => (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations/{Id(invitation)}", token: admin))["delivery"]!["status"]?.GetValue<string>() == "sent",
            "the delivery's status comes back");
    }
}
