import type { Language } from './i18n';

interface Policy {
  title: string;
  parts: readonly { heading: string; says: readonly string[] }[];
}

/** What InviteHub keeps of people, why, for how long, and how to be forgotten: what docs/security.md says, for those whom it is about. */
export const privacy: Record<Language, Policy> = {
  en: {
    title: 'Privacy policy',
    parts: [
      {
        heading: 'Who answers for it',
        says: [
          'Whoever runs this InviteHub answers for what is kept here, together with the organization that invited you. Ask whoever invited you, or an administrator, whatever this page leaves open.',
          'This is the text that InviteHub comes with. It says what the program does; whoever runs it may have a policy of their own in its place.',
        ],
      },
      {
        heading: 'What is kept',
        says: [
          'Who you are: first and last name, e-mail address and language; where they were given, username, telephone number, personal number or LMA number, citizenships, gender, and a picture. A digital identity holds the same once more, as it was validated.',
          'What you belong to: organizations, roles, seats in apps, and the invitations that you got, with what you answered.',
          'How you sign in: your password and recovery codes as hashes from which nobody gets them back, the secret of an authenticator app encrypted, and your sessions with when they were used and with which kind of browser.',
          'What happened: each change of your data with who made it and when, the messages that were sent to you and whether they arrived, which version of this policy you accepted, and who looked at your data.',
        ],
      },
      {
        heading: 'Why',
        says: [
          'To invite you, to let you in and keep others out, to give you the roles that you were invited to, and to write to you about that. The log of changes and of who looked is there so that you and auditors can see what was done.',
          'Nothing is sold, and nothing is measured about you for advertising. The browser keeps one cookie, without which nobody can stay signed in, and your choice of language and colours.',
        ],
      },
      {
        heading: 'Who sees it',
        says: [
          'System administrators see all of it but secrets. Members of your organizations see your name, your address, and what you have there; those who may register users there see your digital identity. You see who looked, under your profile.',
          'Your address or number, and what is written to you, goes to the providers of e-mail and SMS that are used here. An organization may have other systems told of its invitations and seats.',
          'In the record of events everything personal is encrypted with a key of your own.',
        ],
      },
      {
        heading: 'How long',
        says: [
          'As long as there is your account, or, where you never made one, as long as the organization keeps the invitation: nothing is deleted by time alone. An invitation that was declined, taken back or has expired stays in the organization’s list.',
          'When you are forgotten, your keys are destroyed in every part of InviteHub: what was encrypted with them can’t be read by anybody any more, and lists no longer hold you. A signed certificate says what was erased and when.',
          'What stays: numbers that stood for you, and encrypted text without its key; backups, until the last one with your key is gone; and what had left InviteHub already, such as mails in somebody’s mailbox or files that were downloaded.',
        ],
      },
      {
        heading: 'What you can do',
        says: [
          'Under your profile you see and change your details, download everything that is kept about your account as a file, see who looked at it, and ask to be removed. An administrator decides about that; you get a last message when it is done.',
          'If you have no account: decline the invitation by its link, and ask the organization that invited you to have you removed.',
          'You can complain to the authority for data protection of your country; in Sweden that is IMY, Integritetsskyddsmyndigheten.',
        ],
      },
    ],
  },
  sv: {
    title: 'Integritetspolicy',
    parts: [
      {
        heading: 'Vem som ansvarar',
        says: [
          'Den som driver det här InviteHub ansvarar för vad som sparas här, tillsammans med organisationen som bjöd in dig. Fråga den som bjöd in dig, eller en administratör, om det är något som sidan inte svarar på.',
          'Texten följer med InviteHub. Den säger vad programmet gör; den som driver det kan ha en egen policy i stället.',
        ],
      },
      {
        heading: 'Vad som sparas',
        says: [
          'Vem du är: för- och efternamn, e-postadress och språk; där det har angetts även användarnamn, telefonnummer, personnummer eller LMA-nummer, medborgarskap, kön och en bild. En digital identitet innehåller samma uppgifter en gång till, så som de godkändes.',
          'Vad du hör till: organisationer, roller, platser i appar och inbjudningarna som du har fått, med vad du svarade.',
          'Hur du loggar in: ditt lösenord och dina återställningskoder som hashvärden som ingen får tillbaka dem ur, hemligheten till en autentiseringsapp krypterad, och dina sessioner med när de användes och med vilket slags webbläsare.',
          'Vad som har hänt: varje ändring av dina uppgifter med vem som gjorde den och när, meddelandena som skickats till dig och om de kom fram, vilken version av policyn du godkände och vem som har sett dina uppgifter.',
        ],
      },
      {
        heading: 'Varför',
        says: [
          'För att bjuda in dig, släppa in dig och hålla andra ute, ge dig rollerna som du bjöds in till och skriva till dig om det. Loggen över ändringar och över vem som har tittat finns för att du och revisorer ska kunna se vad som gjorts.',
          'Inget säljs, och inget mäts om dig för reklam. Webbläsaren sparar en kaka, som behövs för att man ska förbli inloggad, och ditt val av språk och färger.',
        ],
      },
      {
        heading: 'Vem som ser det',
        says: [
          'Systemadministratörer ser allt utom hemligheter. Medlemmar i dina organisationer ser ditt namn, din adress och vad du har där; de som får registrera användare där ser din digitala identitet. Vem som har tittat ser du på din profil.',
          'Din adress eller ditt nummer, och det som skrivs till dig, går till de leverantörer av e-post och SMS som används här. En organisation kan låta andra system få veta om dess inbjudningar och platser.',
          'I händelseregistret är allt personligt krypterat med en nyckel som bara gäller dig.',
        ],
      },
      {
        heading: 'Hur länge',
        says: [
          'Så länge ditt konto finns eller, om du aldrig skapade något, så länge organisationen har kvar inbjudan: inget raderas bara för att tiden går. En inbjudan som fått ett nej, återkallats eller gått ut finns kvar i organisationens lista.',
          'När du glöms förstörs dina nycklar i alla delar av InviteHub: det som krypterats med dem kan ingen läsa längre, och du finns inte kvar i några listor. Ett signerat intyg säger vad som raderats och när.',
          'Det här blir kvar: id-nummer som stod för dig och krypterad text utan nyckel; säkerhetskopior, tills den sista med din nyckel är borta; och sådant som redan lämnat InviteHub, till exempel mejl i någons brevlåda eller nedladdade filer.',
        ],
      },
      {
        heading: 'Vad du kan göra',
        says: [
          'På din profil ser och ändrar du dina uppgifter, laddar ner allt som sparats om ditt konto som en fil, ser vem som har tittat och begär att bli borttagen. En administratör beslutar om det; du får ett sista meddelande när det är gjort.',
          'Har du inget konto: tacka nej till inbjudan med dess länk, och be organisationen som bjöd in dig att se till att du tas bort.',
          'Du kan klaga hos dataskyddsmyndigheten i ditt land; i Sverige är det IMY, Integritetsskyddsmyndigheten.',
        ],
      },
    ],
  },
};
