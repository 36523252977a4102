const en = {
  action: { open: 'Open', remove: 'Remove', clearField: 'Clear', back: 'Back', cancel: 'Cancel', close: 'Close', copy: 'Copy', copied: 'Copied', edit: 'Edit', save: 'Save', search: 'Search', clear: 'Clear filters', more: 'More' },
  error: {
    loading: 'Loading',
    notFound: 'There is no such page',
    notFoundWhy: 'The address may be mistyped, or what was here is gone.',
    broken: 'This page could not be shown',
    brokenWhy: 'Something went wrong in this page. Load it again; if that does not help, the program was perhaps renewed a moment ago.',
    again: 'Try again',
    toStart: 'Go to the start',
  },
  problem: {
    'version-conflict': 'Somebody else changed this at the same time. Load the page again to see it as it is now, then change it.',
    'precondition-failed': 'Somebody else changed this at the same time. Load the page again to see it as it is now, then change it.',
    unreachable: 'InviteHub can’t be reached. Check your connection and try again.',
    unavailable: 'This can’t be done right now. Try again in a moment.',
    'not-permitted': 'Your roles don’t allow this.',
    'invalid-credentials': 'The address or the password is not right.',
    'current-password-wrong': 'The password is not right.',
    'code-wrong': 'The code is not right or has run out. Take the next one, or ask for a new one.',
    'second-factor-wrong': 'The code is not right, was used already or has run out. Take the next one, or ask for a new one.',
  } as Record<string, string>,
  field: {
    kinds: 'Kinds', permissions: 'Permissions', apps: 'App', classrooms: 'Classroom', languages: 'Languages', competences: 'Competences',
    subscription: 'Subscription', delivery: 'Delivery', channel: 'Channel', sentBy: 'Sent by', sentOn: 'Sent on',
    email: 'E-mail', password: 'Password', firstName: 'First name', lastName: 'Last name', username: 'Username', language: 'Language', phone: 'Phone',
    personalNumber: 'Personal number', lmaNumber: 'LMA number', gender: 'Gender', swedishCitizen: 'Swedish citizen', euCitizen: 'EU/EEA citizen',
    emailConfirmation: 'E-mail again', passwordConfirmation: 'Password again', systemRole: 'System role', organization: 'Organization', app: 'App',
    role: 'Role', status: 'Status', approval: 'Approval', name: 'Name', invitationStatus: 'Invitation', createdAt: 'Created', lastActivityAt: 'Last activity', roles: 'Roles',
  },
  value: { yes: 'Yes', no: 'No', notGiven: 'Not given', any: 'Any', never: 'Never', none: '–', en: 'English', sv: 'Swedish' },
  shell: { skip: 'Skip to content', menu: 'Menu', navigation: 'Main', light: 'Use light colours', dark: 'Use dark colours', account: 'Your account', signOut: 'Sign out', start: 'Start', users: 'Users', identity: 'Digital identity', invitations: 'Invitations', batches: 'Batches', api: 'API' },
  role: {
    guest: 'Guest', systemAdmin: 'System admin', economyAdmin: 'Economy admin', applicant: 'Applicant', serviceAdmin: 'Service admin', supplierAdmin: 'Supplier admin',
    customerAdmin: 'Customer admin', professional: 'Professional', mentor: 'Mentor', attendee: 'Attendee', app: 'App',
  } as Record<string, string>,
  way: { access: 'To an app', customer: 'For a customer', workspace: 'Internal user', account: 'To an account', created: 'Account made for them' } as Record<string, string>,
  kind: { business: 'Business', customer: 'Customer', supplier: 'Supplier' } as Record<string, string>,
  status: {
    requested: 'Requested', waiting: 'Waiting for a seat', pending: 'Pending', registering: 'Registering', expired: 'Expired', accepted: 'Accepted', declined: 'Declined', revoked: 'Revoked',
    rejected: 'Refused',
  } as Record<string, string>,
  channel: { email: 'E-mail', sms: 'SMS' } as Record<string, string>,
  signIn: {
    title: 'Sign in', submit: 'Sign in', forgotten: 'Forgot your password?',
    emailNeeded: 'Enter your e-mail address.', passwordNeeded: 'Enter your password.', codeNeeded: 'Enter the code.',
    secondFactor: 'One more step', howApp: 'Enter the code that your authenticator app shows.', howMail: 'Enter the code from the mail. Ask for one first.',
    howRecovery: 'Enter one of the recovery codes that you kept. Each works once.', code: 'Code', recoveryCode: 'Recovery code',
    sendMail: 'Send a code by e-mail', mailed: 'A code is on its way to your address.', useRecovery: 'Use a recovery code', useCode: 'Use a code',
  },
  password: {
    change: 'Change your password', changeWhy: 'Your password is a temporary one. Choose one of your own; then you can go on.',
    choose: 'Choose a new password', current: 'Password until now', currentNeeded: 'Enter the password that you have now.', new: 'New password', again: 'The same again',
    rule: 'At least 12 characters, for example some words that don’t belong together.', short: 'The password needs at least 12 characters.',
    differ: 'The two passwords differ.', save: 'Set password', isSet: 'Your password is set', isSetHow: 'All your sessions have ended: sign in with it.',
  },
  forgotten: {
    title: 'Forgot your password?', how: 'We mail you a link to set a new one.', submit: 'Send the link', again: 'Ask for a new link',
    sent: 'If there is an account for {{email}}, a mail with a link is on its way. It works for an hour.',
  },
  link: {
    over: 'This link can no longer be used', unknown: 'This link is not known', later: 'Please try again in a moment',
    reset: {
      'link-used': 'A password was set since: you can sign in with it.', 'link-replaced': 'A newer mail holds the link that works.',
      'link-expired': 'It has expired. Ask for a new one.', unknown: 'Look whether it was copied as a whole.',
    } as Record<string, string>,
    invitation: {
      'link-expired': 'It has expired. Ask for a new one: whoever invited you is told, and decides.', 'link-revoked': 'The invitation was withdrawn. That may well be a mistake, or have been changed since: whoever invited you can tell you, and can invite you again.',
      'link-declined': 'You declined this invitation.', 'link-used': 'It has been used already: you can sign in.', 'link-replaced': 'A newer mail holds the link that works. Look for the latest one, among unwanted mail too; if it is not there, ask whoever invited you to send it again.',
      unknown: 'Look whether it was copied as a whole.',
    } as Record<string, string>,
    ask: 'Ask for a new one', asked: 'Whoever invited you has been told. A new mail comes if they agree.',
  },
  registration: {
    title: 'You are invited', offered: '{{by}} invites you to {{organization}}.', offeredByNobody: 'You are invited to {{organization}}.',
    for: 'For', until: 'Valid until', invitedBy: 'Invited by', unused: 'Opening this page has not used the link up.',
    register: 'Create account', username: 'You can sign in with it instead of the address.',
    policyBefore: 'I accept the', policyName: 'privacy policy', policyVersion: '(version {{version}})', policyNeeded: 'An account needs the privacy policy to be accepted.',
    decline: 'Decline', declineTitle: 'Decline the invitation?', declineHow: 'The link stops working, and whoever invited you is told.', reason: 'Reason (if you like)',
    declined: 'You declined', declinedHow: 'Whoever invited you has been told. You can close this page.',
    hasAccount: 'You have an account already: sign in to accept.', accept: 'Accept', acceptedTitle: 'Accepted', other: 'You are signed in as {{email}}.',
    busy: 'Your account is being made. This page goes on by itself.',
  },
  team: { title: 'Join {{organization}}', role: 'You get the role {{role}} in {{app}}.', submit: 'Send me an invitation', sent: 'An invitation is on its way to {{email}}. Go on with the link in the mail.', domains: 'For addresses of {{domains}}.' },
};

export type Texts = typeof en;
export default en;
