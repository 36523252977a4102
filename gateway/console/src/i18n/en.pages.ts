const en = {
  me: {
    details: 'Details', security: 'Security', privacy: 'Privacy', invitations: 'Invitations for you', log: 'Log', logHow: 'What happened to your account', edit: 'Edit your details',
    picture: 'Picture', pictureChoose: 'Choose a picture', pictureRemove: 'Remove the picture', secondFactor: 'Second factor',
    passwordChanged: 'Your password is changed. Your other sessions have ended.', sessions: 'Where you are signed in', device: 'Device', startedAt: 'Signed in', lastUsedAt: 'Last used',
    thisOne: 'This one', end: 'End', endHow: '{{device}}, signed in {{at}}, is signed out at once.', endAll: 'Sign out everywhere', endAllHow: 'Every session ends at once, this one too. You sign in again here.',
    export: 'Your data', exportHow: 'All that is kept about your account, as a file that programs can read (JSON).', exportDo: 'Download your data',
    removal: 'Removal', removalHow: 'An administrator looks at your request. What is removed can’t be brought back.', removalReason: 'Reason', removalReasonNeeded: 'Say why you want to be removed.',
    removalDo: 'Ask for removal', removalAsked: 'You asked for your data to be removed. An administrator has been told. Until it is done you can take it back.', removalTakeBack: 'Take it back',
    readers: 'Who looked at your data', readersHow: 'Each person once an hour.', readAt: 'In the hour from', readBy: 'Who', readWhat: 'What', somebodyGone: 'Somebody who is gone',
    read: { list: 'List of users', profile: 'Profile', logs: 'Log', identity: 'Digital identity', removal: 'Removal request' } as Record<string, string>,
    noInvitations: 'No invitation waits for your answer.', accepted: 'You accepted the invitation to {{what}}.', accepting: 'You are being let in to {{what}}. It takes a moment.', declined: 'You declined the invitation to {{what}}.',
    declineHow: 'The invitation to {{what}} ends, and whoever invited you is told.', invited_one: 'An invitation waits for your answer.', invited_other: '{{count}} invitations wait for your answer.',
  },
  factor: {
    on: 'Whoever signs in needs the password and a code.', off: 'The password alone signs in. A second factor keeps others out who got hold of it.',
    isOn: 'On', isOff: 'Off', setUp: 'Set up', replace: 'Set up anew', turnOn: 'Turn on', turnOff: 'Turn off', next: 'Next', done: 'Done', password: 'Your password',
    authenticator: 'Authenticator app', authenticatorOff: 'Turn off the authenticator app', authenticatorHow: 'You need an app for codes on your telephone. Enter your password first.',
    emailCode: 'Codes by e-mail', emailCodeOff: 'Turn off codes by e-mail', emailCodeHow: 'A code goes to your address whenever you sign in. Enter your password, and try it once.',
    offHow: 'Without any second factor, the password alone signs in. Enter it to go on.',
    scan: 'Scan this with the app, and enter the code that it shows then.', qrCode: 'QR code for the authenticator app', orType: 'Can’t scan? Type this key into the app, or open the app on this device', here: 'here.',
    recoveryCodes: 'Recovery codes', recoveryCodesHow: 'New codes take the place of the earlier ones, which stop working.', left_one: '{{count}} left', left_other: '{{count}} left', makeNew: 'Make new ones',
    keep: 'It is on. Keep these recovery codes in a safe place: each signs you in once when the app or the mail is out of reach. They are not shown again.', kept: 'It is on. The recovery codes that you have stay good.',
  },
  removal: {
    title: 'Private data removal requests', none: 'Nobody waits to be removed.', view: 'View the request', reason: 'Reason', requestedAt: 'Requested', endedAt: 'Ended', forgotten: 'Anonymized',
    pending: 'Pending', processed: 'Processed', withdrawn: 'Taken back', ask: 'Anonymize {{name}}?', type: 'Type the address',
    how: 'Everything about this person is erased in every service, and their sessions end. It can’t be brought back. Type the address of the account to go on:',
    progress: 'Anonymization', notifying: 'The last message is on its way', erasing: 'Being erased', completed: 'Completed',
    step: { sessions: 'Sessions', message: 'Last message', invitations: 'Invitations', subscriptions: 'Subscriptions', notifications: 'Notifications', identity: 'Identity' } as Record<string, string>,
    is: { waiting: 'waiting', done: 'done', sent: 'sent', failed: 'could not be delivered' } as Record<string, string>,
    certificate: 'Certificate', certificateHow: 'What was erased, where and when, signed. It can be checked without InviteHub.', download: 'Download the certificate',
  },
  invite: {
    chosen_zero: 'Invite the selected users', chosen_one: 'Invite the selected user', chosen_other: 'Invite the {{count}} selected users', matching_one: 'Invite the one that the list shows', matching_other: 'Invite all {{number}} that the list shows',
    clear: 'Clear the selection', how_one: 'A message with a link to the account goes to one user.', how_other: 'A message with a link to their account goes to each of {{number}} users.',
    oneTimePassword: 'With a password that works for a day, instead of a link', sent_one: 'One invitation is on its way.', sent_other: '{{number}} invitations are on their way.',
    refused_one: 'One user can’t be invited:', refused_other: '{{number}} users can’t be invited:',
  } as Record<string, string>,
  register: {
    tab: 'Register many', how: 'Type the people in rows, or take them from a CSV file. Nothing is done before you have seen what is wrong.', file: 'Choose a CSV file', rows: 'People to register',
    none: 'Add a row, or choose a file.', addRow: 'Add a row', remove: 'Remove line {{line}}', check: 'Check', missing: 'The file lacks these columns: {{columns}}. The template has them all.',
    unknown: 'These columns are not known: {{columns}}. Name them as the template does.', long: '{{name}} has more than {{most}} rows: it is checked as a whole, and corrected in the file.', errors: 'What is wrong',
    at: 'Line {{line}} {{column}}:', wrong_one: '{{number}} of {{total}} rows is wrong. Correct it and check again, or go on without it.', wrong_other: '{{number}} of {{total}} rows are wrong. Correct them and check again, or go on without them.',
    right: 'Everything is right.', sendInvitation: 'Invite them to their accounts by e-mail', do_one: 'Register one user', do_other: 'Register {{number}} users',
    title_one: 'Registration of {{count}} user', title_other: 'Registration of {{count}} users', done: 'Registered', cancel: 'Stop', cancelHow: 'Accounts that are made stay. The remaining rows are left out.',
  },
  identity: {
    own: 'Yours', review: 'To review', register: 'Register personal information', change: 'Change', submit: 'Submit', complete: 'Complete the registration', submittedAt: 'Submitted', look: 'Look at it',
    noneWaits: 'No identity waits to be validated.', validate: 'Validate', return: 'Return', returnWhy: 'What is to be corrected', inOneStep: 'Complete the registration: these are the details of the digital identity too',
    step: { names: 'Name', citizenship: 'Citizenship and number', confirm: 'Check and submit' } as Record<string, string>,
    is: {
      missing: 'There is no digital identity yet. Some apps open only once there is a validated one.', draft: 'The digital identity is begun. Go on to the end to submit it.', submitted: 'The digital identity is submitted and waits to be validated.',
      validated: 'The digital identity is validated.', returned: 'The digital identity was returned. This is to be corrected:',
    } as Record<string, string>,
  },
};

export type PageTexts = typeof en;
export default en;
