import type { TFunction } from 'i18next';

const all = ['guest', 'systemAdmin', 'economyAdmin', 'applicant', 'serviceAdmin', 'supplierAdmin', 'customerAdmin', 'professional', 'mentor', 'attendee', 'app'];

const named = (roles: readonly string[], t: TFunction) => roles.map((role) => [role, t(`role.${role}`)] as const);

export const allRoles = (t: TFunction) => named(all, t);

/** Those that the user form sets (ROL-03). */
export const settableRoles = (t: TFunction) => named(all.slice(0, 4), t);
