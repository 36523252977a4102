import type { PageTexts } from './en.pages';

const sv: PageTexts = {
  me: {
    details: 'Uppgifter', security: 'Säkerhet', privacy: 'Integritet', invitations: 'Inbjudningar till dig', log: 'Logg', logHow: 'Vad som hänt med ditt konto', edit: 'Ändra dina uppgifter',
    picture: 'Bild', pictureChoose: 'Välj en bild', pictureRemove: 'Ta bort bilden', secondFactor: 'Tvåstegsinloggning',
    passwordChanged: 'Ditt lösenord är bytt. Dina andra sessioner har avslutats.', sessions: 'Här är du inloggad', device: 'Enhet', startedAt: 'Inloggad', lastUsedAt: 'Senast använd',
    thisOne: 'Den här', end: 'Avsluta', endHow: '{{device}}, inloggad {{at}}, loggas ut genast.', endAll: 'Logga ut överallt', endAllHow: 'Alla sessioner avslutas genast, även den här. Sedan loggar du in igen.',
    export: 'Dina uppgifter', exportHow: 'Allt som sparats om ditt konto, som en fil som program kan läsa (JSON).', exportDo: 'Ladda ner dina uppgifter',
    removal: 'Borttagning', removalHow: 'En administratör behandlar din begäran. Det som tas bort går inte att få tillbaka.', removalReason: 'Anledning', removalReasonNeeded: 'Skriv varför du vill bli borttagen.',
    removalDo: 'Begär borttagning', removalAsked: 'Du har begärt att dina uppgifter tas bort. En administratör har fått veta det. Tills det är gjort kan du ta tillbaka din begäran.', removalTakeBack: 'Ta tillbaka begäran',
    readers: 'Vem som har sett dina uppgifter', readersHow: 'Varje person en gång per timme.', readAt: 'Under timmen från', readBy: 'Vem', readWhat: 'Vad', somebodyGone: 'Någon som inte finns kvar',
    read: { list: 'Användarlista', profile: 'Profil', logs: 'Logg', identity: 'Digital identitet', removal: 'Begäran om borttagning' },
    noInvitations: 'Ingen inbjudan väntar på ditt svar.', accepted: 'Du har accepterat inbjudan till {{what}}.', accepting: 'Du släpps in i {{what}}. Det tar en liten stund.', declined: 'Du har tackat nej till inbjudan till {{what}}.',
    declineHow: 'Inbjudan till {{what}} upphör, och den som bjöd in dig får veta det.', invited_one: 'En inbjudan väntar på ditt svar.', invited_other: '{{count}} inbjudningar väntar på ditt svar.',
  },
  factor: {
    on: 'Den som loggar in behöver både lösenordet och en kod.', off: 'Det räcker med lösenordet för att logga in. Med ett andra steg hålls den ute som kommit över det.',
    isOn: 'På', isOff: 'Av', setUp: 'Ställ in', replace: 'Ställ in på nytt', turnOn: 'Slå på', turnOff: 'Stäng av', next: 'Nästa', done: 'Klart', password: 'Ditt lösenord',
    authenticator: 'Autentiseringsapp', authenticatorOff: 'Stäng av autentiseringsappen', authenticatorHow: 'Du behöver en app för koder i telefonen. Ange ditt lösenord först.',
    emailCode: 'Koder med e-post', emailCodeOff: 'Stäng av koder med e-post', emailCodeHow: 'En kod går till din adress när du loggar in. Ange ditt lösenord och prova en gång.',
    offHow: 'Utan ett andra steg räcker det med lösenordet för att logga in. Ange det för att fortsätta.',
    scan: 'Skanna bilden med appen och ange sedan koden som den visar.', qrCode: 'QR-kod för autentiseringsappen', orType: 'Går det inte att skanna? Skriv in nyckeln i appen, eller öppna appen på den här enheten', here: 'här.',
    recoveryCodes: 'Återställningskoder', recoveryCodesHow: 'Nya koder ersätter de tidigare, som slutar fungera.', left_one: '{{count}} kvar', left_other: '{{count}} kvar', makeNew: 'Skapa nya',
    keep: 'Det är på. Spara återställningskoderna på ett säkert ställe: varje kod loggar in dig en gång när appen eller mejlen inte går att nå. De visas inte igen.', kept: 'Det är på. Återställningskoderna som du redan har gäller fortfarande.',
  },
  removal: {
    title: 'Begäran om borttagning', none: 'Ingen väntar på att bli borttagen.', view: 'Visa begäran', reason: 'Anledning', requestedAt: 'Begärd', endedAt: 'Avslutad', forgotten: 'Anonymiserad',
    pending: 'Väntar', processed: 'Genomförd', withdrawn: 'Tillbakatagen', ask: 'Anonymisera {{name}}?', type: 'Skriv adressen',
    how: 'Allt om personen raderas i alla tjänster och sessionerna avslutas. Det går inte att få tillbaka. Skriv kontots adress för att fortsätta:',
    progress: 'Anonymisering', notifying: 'Det sista meddelandet är på väg', erasing: 'Raderas', completed: 'Klart',
    step: { sessions: 'Sessioner', message: 'Sista meddelandet', invitations: 'Inbjudningar', subscriptions: 'Abonnemang', notifications: 'Meddelanden', identity: 'Identitet' },
    is: { waiting: 'väntar', done: 'klart', sent: 'skickat', failed: 'gick inte att leverera' },
    certificate: 'Intyg', certificateHow: 'Vad som raderats, var och när, signerat. Det går att kontrollera utan InviteHub.', download: 'Ladda ner intyget',
  },
  invite: {
    chosen_zero: 'Bjud in valda användare', chosen_one: 'Bjud in den valda användaren', chosen_other: 'Bjud in de {{count}} valda användarna', matching_one: 'Bjud in den som listan visar', matching_other: 'Bjud in alla {{number}} som listan visar',
    clear: 'Rensa valet', how_one: 'Ett meddelande med en länk till kontot går till en användare.', how_other: 'Ett meddelande med en länk till kontot går till var och en av {{number}} användare.',
    oneTimePassword: 'Med ett lösenord som fungerar i ett dygn, i stället för en länk', sent_one: 'En inbjudan är på väg.', sent_other: '{{number}} inbjudningar är på väg.',
    refused_one: 'En användare kan inte bjudas in:', refused_other: '{{number}} användare kan inte bjudas in:',
    'account-in-use': 'Personen loggar redan in med ett eget lösenord. Är det glömt går det att be om ett nytt där man loggar in.',
    'phone-missing': 'Profilen har inget telefonnummer. Fyll i ett där, med landsnummer, eller bjud in med e-post.',
    'phone-unusable': 'Det går inte att skicka till telefonnumret i profilen. Rätta det där, eller bjud in med e-post.',
    'email-unusable': 'Det går inte att skicka till e-postadressen i profilen. Rätta den där.',
    'sms-not-allowed': 'En organisation som personen hör till bjuder bara in med e-post. Bjud in med e-post, eller be organisationens grundare att tillåta SMS.',
    'one-time-password-not-allowed': 'En organisation som personen hör till skickar inga engångslösenord. Bjud in med en länk, eller be organisationens grundare att tillåta dem.',
    'user-not-found': 'Användaren finns inte längre.',
  },
  register: {
    tab: 'Registrera flera', how: 'Skriv in personerna rad för rad eller hämta dem från en CSV-fil. Inget görs innan du har sett vad som är fel.', file: 'Välj en CSV-fil', rows: 'Personer att registrera',
    none: 'Lägg till en rad eller välj en fil.', addRow: 'Lägg till en rad', remove: 'Ta bort rad {{line}}', check: 'Kontrollera', missing: 'Filen saknar kolumnerna {{columns}}. Mallen har dem alla.',
    unknown: 'Kolumnerna {{columns}} är okända. Kalla dem som i mallen.', long: '{{name}} har fler än {{most}} rader: den kontrolleras som helhet och rättas i filen.', errors: 'Vad som är fel',
    at: 'Rad {{line}} {{column}}:', wrong_one: '{{number}} av {{total}} rader är fel. Rätta den och kontrollera igen, eller fortsätt utan den.', wrong_other: '{{number}} av {{total}} rader är fel. Rätta dem och kontrollera igen, eller fortsätt utan dem.',
    right: 'Allt stämmer.', sendInvitation: 'Bjud in dem till sina konton med e-post', do_one: 'Registrera en användare', do_other: 'Registrera {{number}} användare',
    title_one: 'Registrering av {{count}} användare', title_other: 'Registrering av {{count}} användare', done: 'Registrerade', cancel: 'Stoppa', cancelHow: 'Konton som redan gjorts finns kvar. De rader som återstår utelämnas.',
  },
  identity: {
    own: 'Din', review: 'Att granska', register: 'Registrera personuppgifter', change: 'Ändra', submit: 'Lämna in', complete: 'Slutför registreringen', submittedAt: 'Inlämnad', look: 'Granska',
    noneWaits: 'Ingen identitet väntar på att bli godkänd.', validate: 'Godkänn', return: 'Skicka tillbaka', returnWhy: 'Vad som ska rättas', inOneStep: 'Slutför registreringen: uppgifterna gäller även den digitala identiteten',
    step: { names: 'Namn', citizenship: 'Medborgarskap och nummer', confirm: 'Kontrollera och lämna in' },
    is: {
      missing: 'Det finns ingen digital identitet än. En del appar öppnas först när den är godkänd.', draft: 'Den digitala identiteten är påbörjad. Gå vidare till slutet för att lämna in den.', submitted: 'Den digitala identiteten är inlämnad och väntar på att bli godkänd.',
      validated: 'Den digitala identiteten är godkänd.', returned: 'Den digitala identiteten har skickats tillbaka. Det här ska rättas:',
    },
  },
};

export default sv;
