/** The words of a text that has them with spaces, commas or lines between them. */
export const listOf = (text: string) => text.split(/[\s,;]+/).filter((one) => one !== '');

/** A number that was typed; null where nothing was. */
export const numberOf = (text: string) => (text.trim() === '' ? null : Number(text));
