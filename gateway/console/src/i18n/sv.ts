import type { Texts } from './en';

const sv: Texts = {
  action: { back: 'Tillbaka', cancel: 'Avbryt', close: 'Stäng', copy: 'Kopiera', copied: 'Kopierat', edit: 'Ändra', save: 'Spara', search: 'Sök', clear: 'Rensa filter', more: 'Mer' },
  error: {
    loading: 'Hämtar',
    notFound: 'Sidan finns inte',
    notFoundWhy: 'Adressen kan vara felskriven, eller så är det som fanns här borta.',
    broken: 'Sidan kunde inte visas',
    brokenWhy: 'Något gick fel på sidan. Läs in den igen; hjälper inte det har programmet kanske förnyats alldeles nyss.',
    again: 'Försök igen',
    toStart: 'Till startsidan',
  },
  problem: {
    unreachable: 'InviteHub går inte att nå. Kontrollera anslutningen och försök igen.',
    unavailable: 'Det går inte just nu. Försök igen om en stund.',
    'not-permitted': 'Dina roller tillåter inte det.',
    'not-found': 'Det finns inte, eller så får du inte se det.',
    'invalid-credentials': 'Adressen eller lösenordet stämmer inte.',
    'second-factor-wrong': 'Koden stämmer inte, är redan använd eller har gått ut. Ta nästa, eller be om en ny.',
    'too-many-attempts': 'Det blev många försök. Vänta en stund och försök igen.',
    'too-many-requests': 'Det blev många förfrågningar. Vänta en stund och försök igen.',
    'email-taken': 'Adressen har redan ett konto.',
    'role-conflict': 'Rollerna går inte ihop. Ta bort de roller som står i vägen först.',
    'seat-limit-reached': 'Alla platser är upptagna.',
    'version-conflict': 'Någon annan ändrade samtidigt. Läs in sidan igen.',
  },
  field: {
    email: 'E-post', password: 'Lösenord', firstName: 'Förnamn', lastName: 'Efternamn', username: 'Användarnamn', language: 'Språk', phone: 'Telefon',
    personalNumber: 'Personnummer', lmaNumber: 'LMA-nummer', gender: 'Kön', swedishCitizen: 'Svensk medborgare', euCitizen: 'EU-/EES-medborgare',
    emailConfirmation: 'E-post igen', passwordConfirmation: 'Lösenord igen', systemRole: 'Systemroll', organization: 'Organisation', app: 'App',
    role: 'Roll', status: 'Status', name: 'Namn', invitationStatus: 'Inbjudan', createdAt: 'Skapad', lastActivityAt: 'Senast aktiv', roles: 'Roller',
  },
  value: { yes: 'Ja', no: 'Nej', notGiven: 'Ej angivet', any: 'Alla', never: 'Aldrig', none: '–', en: 'Engelska', sv: 'Svenska' },
  shell: { skip: 'Till innehållet', menu: 'Meny', navigation: 'Huvudmeny', light: 'Använd ljusa färger', dark: 'Använd mörka färger', account: 'Ditt konto', signOut: 'Logga ut', start: 'Start', users: 'Användare', api: 'API' },
  list: {
    showing: 'Visar {{from}}–{{to}} av {{count}}', none: 'Här finns inget än.', noneFound: 'Inget stämmer. Ändra eller rensa filtren.', sort: 'Sortera', actions: 'Åtgärder',
    actionsOf: 'Åtgärder för {{of}}',
  },
  role: {
    guest: 'Gäst', systemAdmin: 'Systemadministratör', economyAdmin: 'Ekonomiadministratör', applicant: 'Sökande', serviceAdmin: 'Tjänsteadministratör', supplierAdmin: 'Leverantörsadministratör',
    customerAdmin: 'Kundadministratör', professional: 'Yrkesperson', mentor: 'Mentor', attendee: 'Deltagare', app: 'App',
  },
  invitationStatus: { notInvited: 'Ej inbjuden', waiting: 'Väntar', invited: 'Inbjuden', error: 'Fel', accepted: 'Accepterad' },
  event: {
    registered: 'Registrerad', password_set: 'Lösenord satt', password_replaced: 'Lösenord bytt', app_role_granted: 'Approll given', app_role_ended: 'Approll avslutad',
    details_changed: 'Uppgifter ändrade', system_role_changed: 'Systemroll ändrad', role_granted: 'Roll given', role_ended: 'Roll avslutad', organization_joined: 'Med i organisation',
    invitation_due: 'Inbjudan skickas', password_reset_requested: 'Nytt lösenord begärt', avatar_changed: 'Bild ändrad',
  },
  users: {
    add: 'Lägg till användare', edit: 'Ändra användare', open: 'Öppna profilen', reset: 'Återställ lösenord', invite: 'Skicka inbjudan', details: 'Uppgifter', logs: 'Logg', closed: 'inte öppen än',
    firstPassword: 'För den första inloggningen: det måste bytas då.', phoneHow: 'Med land, till exempel +46 70 123 45 67.',
    resetHow: '{{email}} får ett tillfälligt lösenord och alla sessioner avslutas. Lösenordet visas en gång, här.',
    resetDone: 'Lämna det vidare på ett säkert sätt. Det visas inte igen och måste bytas vid nästa inloggning.',
    inviteHow: 'Ett meddelande med en länk går till {{email}}.', invited: 'En inbjudan till {{email}} är på väg.', mustChange: 'Lösenordet är tillfälligt: det måste bytas vid nästa inloggning.',
    setRole: 'Sätt rollen',
  },
  signIn: {
    title: 'Logga in', submit: 'Logga in', forgotten: 'Glömt lösenordet?',
    emailNeeded: 'Ange din e-postadress.', passwordNeeded: 'Ange ditt lösenord.', codeNeeded: 'Ange koden.',
    secondFactor: 'Ett steg till', howApp: 'Ange koden som din autentiseringsapp visar.', howMail: 'Ange koden från mejlet. Be om en först.',
    howRecovery: 'Ange en av återställningskoderna som du sparat. Varje kod fungerar en gång.', code: 'Kod', recoveryCode: 'Återställningskod',
    sendMail: 'Skicka en kod med e-post', mailed: 'En kod är på väg till din adress.', useRecovery: 'Använd en återställningskod', useCode: 'Använd en kod',
  },
  password: {
    change: 'Byt lösenord', changeWhy: 'Ditt lösenord är tillfälligt. Välj ett eget, så kan du fortsätta.',
    choose: 'Välj ett nytt lösenord', current: 'Lösenord hittills', currentNeeded: 'Ange lösenordet som du har nu.', new: 'Nytt lösenord', again: 'Samma igen',
    rule: 'Minst 12 tecken, till exempel några ord som inte hör ihop.', short: 'Lösenordet behöver minst 12 tecken.',
    differ: 'Lösenorden är inte lika.', save: 'Spara lösenordet', isSet: 'Ditt lösenord är sparat', isSetHow: 'Alla dina sessioner har avslutats: logga in med det.',
  },
  forgotten: {
    title: 'Glömt lösenordet?', how: 'Vi mejlar en länk för att välja ett nytt.', submit: 'Skicka länken', again: 'Be om en ny länk',
    sent: 'Om det finns ett konto för {{email}} är ett mejl med en länk på väg. Den gäller i en timme.',
  },
  link: {
    over: 'Länken går inte längre att använda', unknown: 'Länken är okänd', later: 'Försök igen om en stund',
    reset: {
      'link-used': 'Ett lösenord har sparats sedan dess: logga in med det.', 'link-replaced': 'Ett nyare mejl innehåller länken som gäller.',
      'link-expired': 'Den har gått ut. Be om en ny.', unknown: 'Kontrollera att hela länken kom med.',
    },
    invitation: {
      'link-expired': 'Den har gått ut. Be om en ny: den som bjöd in dig får veta det och bestämmer.', 'link-revoked': 'Inbjudan har dragits tillbaka.',
      'link-declined': 'Du har tackat nej till inbjudan.', 'link-used': 'Den har redan använts: du kan logga in.', 'link-replaced': 'Ett nyare mejl innehåller länken som gäller.',
      unknown: 'Kontrollera att hela länken kom med.',
    },
    ask: 'Be om en ny', asked: 'Den som bjöd in dig har fått veta det. Ett nytt mejl kommer om de går med på det.',
  },
  registration: {
    title: 'Du är inbjuden', offered: '{{by}} bjuder in dig till {{organization}}.', offeredByNobody: 'Du är inbjuden till {{organization}}.',
    for: 'För', until: 'Giltig till', invitedBy: 'Inbjudan från', unused: 'Länken är inte förbrukad av att sidan öppnas.',
    register: 'Skapa konto', username: 'Du kan logga in med det i stället för adressen.',
    policy: 'Jag godkänner integritetspolicyn (version {{version}})', policyNeeded: 'Ett konto kräver att integritetspolicyn godkänns.',
    decline: 'Tacka nej', declineTitle: 'Tacka nej till inbjudan?', declineHow: 'Länken slutar fungera, och den som bjöd in dig får veta det.', reason: 'Anledning (om du vill)',
    declined: 'Du har tackat nej', declinedHow: 'Den som bjöd in dig har fått veta det. Du kan stänga sidan.',
    hasAccount: 'Du har redan ett konto: logga in för att acceptera.', accept: 'Acceptera', acceptedTitle: 'Accepterad', other: 'Du är inloggad som {{email}}.',
    busy: 'Ditt konto skapas. Sidan går vidare av sig själv.',
  },
  team: { title: 'Gå med i {{organization}}', role: 'Du får rollen {{role}} i {{app}}.', submit: 'Skicka en inbjudan till mig', sent: 'En inbjudan är på väg till {{email}}. Fortsätt med länken i mejlet.', domains: 'För adresser hos {{domains}}.' },
  start: { title: 'Välkommen, {{name}}', users: 'Människor, deras roller och vad som hänt med dem.', nothing: 'Du hör till dessa organisationer och appar.', appRoles: 'Dina appar', noRoles: 'Du har inga roller i appar än. Inbjudningar kommer med e-post.' },
};

export default sv;
